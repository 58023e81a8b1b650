# give-up-address ADDRESS: the application's connections to it end here, and it is somebody else's.
set -u
device=$(ip -o -4 address show | awk -v address="$1/32" '$4 == address { print $2 }')
[ -n "$device" ] || exit 0
ip address delete "$1/32" dev "$device"
