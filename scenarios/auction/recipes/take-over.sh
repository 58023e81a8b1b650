# take-over FORMER PASSWORD ADDRESS: this replica becomes the primary. The former one takes no writes any more; every write
# that it acknowledged is in its log, so what is read up to the log's end is everything.
set -u
former=$1 password=$2 address=$3
# The former primary may be older than encryption by default.
position=$(MYSQL_PWD=$password mariadb --skip-ssl --host "$former" --user replication --skip-column-names -e "SHOW GLOBAL VARIABLES LIKE 'gtid_binlog_pos'") || exit 1
position=$(echo "$position" | cut -f 2)
reached=$(mariadb --skip-column-names -e "SELECT MASTER_GTID_WAIT('$position', 10)") || exit 1
[ "$reached" = 0 ] || { echo "take over from $former: $position not reached within 10 s" >&2; exit 1; }
mariadb -e 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = OFF' || exit 1
device=$(ip -o -4 route get "$former" | sed -n 's/.* dev \([^ ]*\) .*/\1/p')
ip address add "$address/32" dev "$device" || exit 1
# arping sends at once, then waits for a second: it is interrupted, which it takes for success.
timeout --preserve-status -s INT 0.1 arping -q -U -c 1 -I "$device" "$address" || { echo "take over from $former: the neighbours could not be told" >&2; exit 1; }
