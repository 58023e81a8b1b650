# A replica is healthy when both of its threads run.
status=$(mariadb -e 'SHOW SLAVE STATUS\G') || exit 1
[ "$(echo "$status" | grep -cE '^ *Slave_(IO|SQL)_Running: Yes$')" = 2 ] && exit 0
echo "$status" | grep -E '_Running:|Last_(IO|SQL)_Error:' >&2
exit 1
