# Lets the kernel forget what it keeps in memory of the database's files: after a restart all is read from the disk.
set -eu
sync -f /var/lib/mysql
find /var/lib/mysql -type f -size +0 -exec sh -c 'for file; do dd of="$file" oflag=nocache conv=notrunc count=0 status=none; done' evict {} +
