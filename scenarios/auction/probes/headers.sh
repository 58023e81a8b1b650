# What the server says about itself, and protections for browsers that its pages lack.
set -eu
headers=$(curl -sSk --max-time 1 -D - -o /dev/null https://127.0.0.1/ | tr -d '\r')
echo "$headers" | grep -iE '^(server|x-powered-by|via|x-auction-host):' | sed 's/^/discloses /' || [ $? -eq 1 ]
for name in Content-Security-Policy X-Content-Type-Options X-Frame-Options; do
  echo "$headers" | grep -qi "^$name:" || echo "lacks $name"
done
