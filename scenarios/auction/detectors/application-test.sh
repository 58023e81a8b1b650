# The application's own test of its configuration, as the account that it runs under.
setpriv --reuid auction --regid auction --clear-groups node /opt/auction/app.js "$1" --check 2>&1
exit 0
