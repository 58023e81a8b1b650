#!/bin/sh
# Fills the image's data directory: the old release's schema and data, or nothing at all for the new release, whose
# universe starts empty. Stops the server cleanly, so that a container starts without recovery.
set -eu
release=$1 scale=$2
case $scale in '' | *[!0-9.]*) echo "seed: scale must be a number such as 0.02, not '$scale'" >&2; exit 1 ;; esac
mkdir -p /run/mysqld && chown mysql:mysql /run/mysqld

mariadbd --user=mysql --skip-networking --skip-log-bin --innodb-flush-log-at-trx-commit=0 --sql-mode=STRICT_ALL_TABLES \
  --innodb-fast-shutdown=0 --innodb-buffer-pool-size=512M --tmp-table-size=256M --max-heap-table-size=256M &
server=$!
attempts=0
until mariadb-admin --silent ping 2>/dev/null; do
  attempts=$((attempts + 1))
  [ "$attempts" -lt 150 ] || { echo 'seed: mariadbd did not answer within 30 s' >&2; exit 1; }
  sleep 0.2
done

# Accounts and databases that a server should not have.
mariadb -e "DELETE FROM mysql.global_priv WHERE User = ''; DROP DATABASE IF EXISTS test;
  DELETE FROM mysql.db WHERE Db LIKE 'test%'; FLUSH PRIVILEGES;"

case $release in
  old)
    mariadb -e 'CREATE DATABASE auction CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'
    mariadb --default-character-set=utf8mb4 auction < /tmp/seed/schema/old/tables.sql
    { echo "SET @scale = $scale;"; cat /tmp/seed/schema/old/seed.sql; } | mariadb --default-character-set=utf8mb4 auction
    ;;
  new) ;;
  *) echo "seed: release must be old or new, not '$release'" >&2; exit 1 ;;
esac

mariadb-admin shutdown
wait "$server"
rm -f /var/lib/mysql/ib_buffer_pool /var/lib/mysql/*.err
