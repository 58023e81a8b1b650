# What the server says about itself, protections for browsers that its pages and cookies lack, and what pages, those of
# errors above all, give away: `discloses HEADER`, `lacks HEADER`, `cookie NAME lacks FLAG`, `page tells WHAT`.
# Where nobody answers, nothing is said. What a page lacks is asked of one that was served: a balancer's own word that
# nobody serves (503) has no page to protect.
set -u
SITE=https://127.0.0.1
# The last four are not found by the web server, nor by the application, and not understood by either.
answers=$(curl -sk -i -w '\n' --max-time 1 "$SITE/" "$SITE/app/categories" \
  "$SITE/nothing-here" "$SITE/app/nothing-here" "$SITE/app/item?id=nothing" "$SITE/%" | tr -d '\r')
headers=$(echo "$answers" | sed -n '/^HTTP\//,/^$/p')
[ -n "$headers" ] || exit 0
page=$(echo "$headers" | awk '/^HTTP\// { served = $2 ~ /^2/ } served' | sed '/^$/q')
{
  echo "$headers" | grep -iE '^(server|x-powered-by|via|x-auction-host|x-debug[a-z-]*):' | sed 's/^/discloses /; s/\(x-auction-host\):.*/\1/I'
  [ -z "$page" ] || for name in Content-Security-Policy X-Content-Type-Options X-Frame-Options; do
    echo "$page" | grep -qi "^$name:" || echo "lacks $name"
  done
  echo "$headers" | grep -i '^set-cookie:' | awk '{
    name = $2; sub(/=.*/, "", name)
    for (i = split("Secure HttpOnly SameSite", flags, " "); i > 0; i--)
      if (tolower($0) !~ tolower("; *" flags[i])) print "cookie " name " lacks " flags[i] }'
  echo "$answers" | sed '/^HTTP\//,/^$/d' |
    grep -oE '(Apache|HAProxy|MariaDB|OpenSSL|Node\.js|node)/v?[0-9][0-9.]*[^ <]*|[A-Za-z0-9_./-]+\.(js|ts|cc?):[0-9]+|node:internal|(/opt|/srv|/etc|/var|/usr)/[a-z][A-Za-z0-9_./-]*|ER_[A-Z_]+|SQLSTATE|You have an error in your SQL' |
    sed 's/^/page tells /'
} | LC_ALL=C sort -u
exit 0
