/** Names that a host looks up, and how an operator changes what they stand for. */

/** Has `name` stand for `address`; the file is the engine's mount, which can be written but not replaced. */
export function pointName(name: string, address: string): readonly string[] {
  return ['sh', '-c', `set -e; address=$2; ${ENTER}`, 'point', name, address];
}

/** Has `name` stand for an address of its own network that no machine has. */
export function pointNameToNobody(name: string): readonly string[] {
  const retired = `set -e; address=$(getent ahostsv4 "$1" | sed -n "1s/ .*//; 1s/[0-9]*\\$/$2/p"); [ -n "$address" ]; ${ENTER}`;
  return ['sh', '-c', retired, 'point', name, String(RETIRED_NUMBER)];
}

const ENTER =
  '{ echo "$address $1"; grep -v "[[:space:]]$1\\$" /etc/hosts || true; } > /run/hosts; cat /run/hosts > /etc/hosts';

/** Last number of an address that was given back: hosts are numbered from below. */
const RETIRED_NUMBER = 250;
