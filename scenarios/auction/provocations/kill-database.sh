# Ends the database server without giving it time, and returns when its process is gone.
set -u
server=$(pidof mariadbd) || exit 0
kill -KILL "$server"
rounds=100
while [ "$rounds" -gt 0 ]; do
  kill -0 "$server" 2>/dev/null || exit 0
  sleep 0.05
  rounds=$((rounds - 1))
done
echo "kill mariadbd: still running after 5 s" >&2
exit 1
