# A server that takes writes is healthy when it answers; one that does not, when both threads of a replica run.
role=$(mariadb --skip-column-names -e "SHOW GLOBAL VARIABLES LIKE 'read_only'") || exit 1
case $role in *OFF) exit 0 ;; esac
status=$(mariadb -e 'SHOW SLAVE STATUS\G') || exit 1
[ "$(echo "$status" | grep -cE '^ *Slave_(IO|SQL)_Running: Yes$')" = 2 ] && exit 0
echo "$status" | grep -E '_Running:|Last_(IO|SQL)_Error:' >&2
exit 1
