#!/bin/sh
# Tries the project as somebody does who has just cloned it: takes away what set-up brought to this machine
# (images, caches, npm packages; the engine only where set-up installed it), runs `npm start`, and checks what
# a newcomer would: it ends well, names its report, prints its summary, and leaves nothing behind.
#
#   test/fresh-machine.sh [--yes]        --yes: do not ask before removing
set -u

usage() {
  echo "usage: test/fresh-machine.sh [--yes]; seen: $*" >&2
  exit 2
}

case $# in
  0) yes= ;;
  1) [ "$1" = --yes ] || usage "$@"
     yes=--yes ;;
  *) usage "$@" ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd -P) || exit 1
cd "$root" || exit 1
failures=0

check() { # check DESCRIPTION COMMAND...
  description=$1
  shift
  if "$@"; then
    echo "ok: $description"
  else
    echo "FAILED: $description"
    failures=$((failures + 1))
  fi
}

# Brings the npm packages where they are missing; what else is missing is no matter yet.
./upfault setup --check >/dev/null

# 0 nothing is left, 1 something is (named), 2 no engine answers.
leftovers() {
  for node in "$root"/node_modules/node-linux-*/bin/node; do
    "$node" test/setup/leftovers.ts
    return
  done
}

seen=$(leftovers)
if [ $? -eq 1 ]; then
  printf 'of the testbed there already; "./upfault clean" removes it:\n%s\n' "$seen" >&2
  exit 1
fi
# shellcheck disable=SC2086 # empty, or one word
./upfault setup --remove $yes || exit 1
rm -rf "$root/node_modules"

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
started=$(date +%s)
{ npm start </dev/null 2>&1; echo "$?" >"$log.status"; } | tee "$log"
status=$(cat "$log.status")
rm -f "$log.status"
echo "npm start took $(($(date +%s) - started)) s"

# The last path in the output that ends like a report's.
report=$(grep -Eo '[^[:space:]]*report\.html' "$log" | tail -n 1)

names_a_report() { [ -n "$report" ] && [ -s "$report" ]; }
# A header with the columns that a summary cannot do without, and a row for each approach of the quick campaign.
prints_a_summary() {
  grep -Eiq 'approach.*fault.*outcome|fault.*approach.*impact|approach.*fault.*impact' "$log" &&
    grep -Eq '(^|[^a-z])none([^a-z]|$)' "$log" && grep -Eq '(^|[^a-z])rolling([^a-z]|$)' "$log"
}

check "npm start ended with 0 (it was $status)" [ "$status" -eq 0 ]
check "the path of a report that exists was printed (${report:-none})" names_a_report
check 'a summary table was printed' prints_a_summary
check 'no container, network or volume of the testbed is left' leftovers

[ "$failures" -eq 0 ] || exit 1
