/** Entries of a plan: where clients, or a tester in their place, come in. */
import type { UniverseEntry } from '../contract/imago-step.ts';
import type { Scenario } from '../contract/scenario.ts';

/** Longest that a tester's walk through an entry may take, the same wherever it is made. */
export const WALK_LIMIT_MS = 10_000;

/** An entry as steps hold it: its address and its authority are placeholders. */
export function entryOf({ address, port, serverName }: Scenario['entry']): UniverseEntry {
  return { host: `@@address:${address}@@`, port, serverName, ca: '@@pem:ca.crt@@' };
}
