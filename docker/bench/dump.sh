#!/bin/bash
# One database from one server to another, without a file between: dump.sh FROM TO DATABASE
set -eu -o pipefail
export MYSQL_PWD=bench
mariadb-dump --host="$1" --user=bench --single-transaction --quick "$3" | mariadb --host="$2" --user=bench "$3"
