#!/bin/sh
# Starts a database server under a server id and returns when it answers: database-start.sh ID
set -u
install -d -o mysql -g mysql /run/mysqld
setsid mariadbd --user=mysql --server-id="$1" </dev/null >/tmp/mariadbd.log 2>&1 &
server=$!
rounds=300
while [ "$rounds" -gt 0 ]; do
  if mariadb-admin --silent ping 2>/dev/null; then exit 0; fi
  kill -0 "$server" 2>/dev/null || { echo "start mariadbd: ended at once: $(tail -n 3 /tmp/mariadbd.log)" >&2; exit 1; }
  sleep 0.1
  rounds=$((rounds - 1))
done
echo "start mariadbd: no answer after 30 s" >&2
exit 1
