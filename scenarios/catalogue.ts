/** All scenarios. Adding one: its folder, and a line here. */
import type { Scenario } from '../harness/contract/scenario.ts';
import { auction } from './auction/scenario.ts';

/** Scenarios by name. */
export const scenarios = { auction } satisfies Record<string, Scenario>;
