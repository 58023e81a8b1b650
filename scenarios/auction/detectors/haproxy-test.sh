# The balancer's own test of its configuration, without remarks about itself.
haproxy -c -f "$1" 2>&1 | grep -vE '^\[NOTICE\]|^Configuration file is valid' | sed -E 's/^\[([A-Z]+)\] +\([0-9]+\) : /\1: /'
exit 0
