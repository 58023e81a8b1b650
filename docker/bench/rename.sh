#!/bin/sh
# Rebuilds one table beside its writers and renames the copy into its place: rename.sh HOST DATABASE TABLE
exec pt-online-schema-change --execute --alter 'ENGINE=InnoDB' --recursion-method none --no-version-check \
  "h=$1,u=bench,p=bench,D=$2,t=$3"
