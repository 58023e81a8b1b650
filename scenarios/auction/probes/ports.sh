# Every listening TCP and UDP socket as `PROTOCOL WHERE PORT`. WHERE is loopback, or network for all else. Whose it is plays
# no part: a port that another program took opens no more than before.
# 127.0.0.11 belongs to the container engine's resolver, with another port each time.
set -eu
for protocol in tcp udp; do
  case $protocol in tcp) sockets=$(ss -Htln) ;; udp) sockets=$(ss -Huln) ;; esac
  echo "$sockets" | awk -v protocol="$protocol" '
    NF < 4 { next }
    {
      address = $4; port = $4; sub(/:[0-9]+$/, "", address); sub(/^.*:/, "", port)
      if (address ~ /^127\.0\.0\.11(%|$)/) next
      print protocol, (address ~ /^(127\.|\[::1\])/ ? "loopback" : "network"), port
    }'
done | LC_ALL=C sort -u
