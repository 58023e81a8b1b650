# Starts the database server and returns when it answers. The shell, as root, opens the log.
set -u
LOG=/var/log/auction/mariadbd.log
if mariadb-admin --silent ping 2>/dev/null; then exit 0; fi
mkdir -p /run/mysqld {{logs}} && chown mysql:mysql /run/mysqld {{logs}}
# The primary has the address at which the application finds its database.
if grep -q '^read-only *= OFF' {{configuration}} && ! ip -o -4 address show | grep -q ' inet {{address}}/'; then
  device=$(ip -o -4 route get {{address}} | sed -n 's/.* dev \([^ ]*\) .*/\1/p')
  ip address add {{address}}/32 dev "$device" || exit 1
fi
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
