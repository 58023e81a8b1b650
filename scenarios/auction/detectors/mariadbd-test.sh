# The server has no test of its configuration by itself; to show its help with all settings it reads them. What it says of
# the machine (open files, network card) is no complaint about them.
mariadbd --user=mysql --verbose --help 2>&1 >/dev/null | grep -vE 'max_open_files|MAC address' | sed -E 's/^[0-9]{4}-[0-9-]+ +[0-9:]+ [0-9]+ //'
exit 0
