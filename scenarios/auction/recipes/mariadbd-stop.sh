# Stops the database server and returns when its process is gone.
set -u
server=$(pidof mariadbd) || exit 0
mariadb-admin shutdown || exit 1
rounds=200
while [ "$rounds" -gt 0 ]; do
  kill -0 "$server" 2>/dev/null || exit 0
  sleep 0.1
  rounds=$((rounds - 1))
done
echo "stop mariadbd: still running after 20 s" >&2
exit 1
