/** What all faults addressed to a step have in common. */
import type { Fault } from '../../harness/contract/fault.ts';

/** Of what such a fault breaks, only the step is known: that is what a sweep is to find out. */
export const traits = {
  type: 1,
  dependency: 'Whatever relies on the step',
  provenance: 'upfault',
  tiers: [],
} as const satisfies Partial<Fault>;
