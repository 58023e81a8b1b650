# Files that are open to more users than they should be, and secrets and backups where they are served:
# `world-writable PATH`, `writable by group GROUP PATH`, `owned by USER PATH`, `setuid PATH`,
# `world-readable data PATH`, `world-readable secret PATH`, `served secret PATH`, `served backup PATH`.
# What the services write themselves (caches, uploads, data files) is theirs, and nobody else's business.
set -eu
SECRET='PRIVATE KEY|[Pp]assword"? *[:=]|"sessionKey"|^[a-z]+:\$(2y|apr1|6)\$'
present() { for folder; do [ ! -d "$folder" ] || echo "$folder"; done; }
{
  find $(present /etc/auction /srv/auction /etc/mysql/mariadb.conf.d /opt/auction /usr/local/sbin /usr/local/lib) \
    ! -type l -perm -0002 -printf 'world-writable %p\n'
  find $(present /etc/auction /srv/auction/static /srv/auction/htdocs /etc/mysql/mariadb.conf.d /opt/auction /usr/local/sbin) \
    ! -type l \( \( ! -user root -printf 'owned by %u %p\n' \) , \( ! -group root -perm -0020 -printf 'writable by group %g %p\n' \) , \
    \( -type f -perm /6000 -printf 'setuid %p\n' \) \)
  data=$(present /var/lib/mysql)
  [ -z "$data" ] || find "$data" -maxdepth 2 -perm -0004 \( -name '*.ibd' -o -name '*.frm' -o -name '*.MA[DI]' -o -name 'ib*' \) -printf 'world-readable data %p\n'
  folders=$(present /etc/auction /etc/mysql/mariadb.conf.d)
  [ -z "$folders" ] || find $folders -type f -perm -0004 -exec grep -lE -e "$SECRET" {} + | sed 's/^/world-readable secret /' || [ $? -eq 1 ]
  served=$(present /srv/auction/static /srv/auction/htdocs)
  if [ -n "$served" ]; then
    find $served -type f -exec grep -lE -e "$SECRET" {} + | sed 's/^/served secret /' || [ $? -eq 1 ]
    find $served \( -name '*~' -o -name '*.bak*' -o -name '*.old' -o -name '*.orig' -o -name '*.save' -o -name '*.sw[a-p]' -o -name '*.sql*' \
      -o -name '*.tar*' -o -name '*.tgz' -o -name '*.zip' -o -name '*.key' -o -name '.git' -o -name '.svn' -o -name '.ht*' \) -printf 'served backup %p\n'
  fi
} > /tmp/posture.$$
LC_ALL=C sort -u /tmp/posture.$$
rm -f /tmp/posture.$$
