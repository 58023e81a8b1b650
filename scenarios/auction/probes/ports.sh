# Every listening TCP and UDP socket as `PROTOCOL WHERE PORT PROCESS`. WHERE is loopback, or network for all else.
# 127.0.0.11 belongs to the container engine's resolver, with another port each time.
set -eu
for protocol in tcp udp; do
  case $protocol in tcp) sockets=$(ss -Htlnp) ;; udp) sockets=$(ss -Hulnp) ;; esac
  echo "$sockets" | awk -v protocol="$protocol" '
    NF < 4 { next }
    {
      address = $4; port = $4; sub(/:[0-9]+$/, "", address); sub(/^.*:/, "", port)
      if (address ~ /^127\.0\.0\.11(%|$)/) next
      process = "unknown"
      if (match($0, /users:\(\("[^"]+"/)) process = substr($0, RSTART + 9, RLENGTH - 10)
      print protocol, (address ~ /^(127\.|\[::1\])/ ? "loopback" : "network"), port, process
    }'
done | LC_ALL=C sort -u
