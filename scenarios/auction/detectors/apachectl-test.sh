# The server's own test of its configuration; it loads modules.
apachectl -t 2>&1 | grep -v '^Syntax OK$'
exit 0
