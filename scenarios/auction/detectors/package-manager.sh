# Files that differ from what their package installed.
dpkg --verify
exit 0
