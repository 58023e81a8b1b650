# Files that are open to more users than they should be, and secrets where they are served:
# `world-writable PATH`, `world-readable secret PATH`, `served secret PATH`.
set -eu
SECRET='PRIVATE KEY|[Pp]assword"? *[:=]|"sessionKey"|^[a-z]+:\$(2y|apr1|6)\$'
for folder in /etc/auction /srv/auction /etc/mysql/mariadb.conf.d /opt/auction /usr/local/sbin /usr/local/lib; do
  [ -d "$folder" ] || continue
  find "$folder" ! -type l -perm -0002 -printf 'world-writable %p\n'
done > /tmp/posture.$$
for folder in /etc/auction /etc/mysql/mariadb.conf.d; do
  [ -d "$folder" ] || continue
  find "$folder" -type f -perm -0004 -exec grep -lE -e "$SECRET" {} + | sed 's/^/world-readable secret /' || [ $? -eq 1 ]
done >> /tmp/posture.$$
for folder in /srv/auction/static /srv/auction/htdocs; do
  [ -d "$folder" ] || continue
  find "$folder" -type f -exec grep -lE -e "$SECRET" {} + | sed 's/^/served secret /' || [ $? -eq 1 ]
done >> /tmp/posture.$$
LC_ALL=C sort -u /tmp/posture.$$
rm -f /tmp/posture.$$
