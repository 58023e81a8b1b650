#!/bin/sh
# Makes the root file system of a base image where no registry can be reached: make.sh SUITE FILE.tar
# The smallest variant that has apt, with the certificates that downloads over TLS need.
exec mmdebstrap --quiet --variant=minbase --include=ca-certificates "$1" "$2"
