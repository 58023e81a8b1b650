# Accounts of the machine that more can be done with than a service needs: `superuser NAME`, `password of NAME`,
# `no password of NAME`, `login shell of NAME`. Root itself may log in on the console, with a shell and without a password.
set -eu
awk -F: '
  FILENAME == "/etc/passwd" {
    if ($3 == 0 && $1 != "root") print "superuser " $1
    if ($1 != "root" && $7 !~ /(nologin|false|sync)$/) print "login shell of " $1
  }
  FILENAME == "/etc/shadow" {
    if ($2 == "") print "no password of " $1
    else if ($2 !~ /^[!*]/) print "password of " $1
  }' /etc/passwd /etc/shadow | LC_ALL=C sort
