# Fills the file system of the logs (32 MB) to its last byte, and checks that it is full.
set -u
head -c 64M /dev/zero > /var/log/auction/ballast 2>/dev/null
[ "$(df --output=avail /var/log/auction | tail -n 1 | tr -d ' ')" = 0 ] && exit 0
df /var/log/auction >&2
exit 1
