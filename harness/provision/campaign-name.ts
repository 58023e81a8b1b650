/** What things on the engine are called after, and found by. */
import { randomBytes } from 'node:crypto';

/** A name that no other has: process ids alone are also those of processes in other namespaces, on the same engine. */
export function uniqueCampaign(kind: string): string {
  return `${kind}-${process.pid}-${randomBytes(3).toString('hex')}`;
}
