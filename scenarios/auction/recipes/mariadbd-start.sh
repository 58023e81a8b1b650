# Starts the database server and returns when it answers. The shell, as root, opens the log.
set -u
LOG=/var/log/auction/mariadbd.log
if mariadb-admin --silent ping 2>/dev/null; then exit 0; fi
mkdir -p /run/mysqld {{logs}} && chown mysql:mysql /run/mysqld {{logs}}
setsid mariadbd --user=mysql </dev/null >>"$LOG" 2>&1 &
server=$!
rounds=200
while [ "$rounds" -gt 0 ]; do
  if mariadb-admin --silent ping 2>/dev/null; then exit 0; fi
  kill -0 "$server" 2>/dev/null || { echo "start mariadbd: ended at once: $(tail -n 1 "$LOG")" >&2; exit 1; }
  sleep 0.1
  rounds=$((rounds - 1))
done
echo "start mariadbd: no answer after 20 s" >&2
exit 1
