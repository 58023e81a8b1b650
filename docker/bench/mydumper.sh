#!/bin/bash
# One database from one server to another, through files, with the default of four threads: mydumper.sh FROM TO DATABASE
# The loaded server logs what it is given, as it does with every other way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mydumper --host="$1" --user=bench --password=bench --database="$3" --outputdir="$folder/dump" --trx-consistency-only
myloader --host="$2" --user=bench --password=bench --database="$3" --directory="$folder/dump" --enable-binlog
