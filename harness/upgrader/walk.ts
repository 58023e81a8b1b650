/** A user's walk through one host, made by the tester's program on the ingress' machine, which reaches every host. */
import type { WalkStep } from '../contract/step.ts';
import { startTester } from '../imago/tester-control.ts';
import { openChannel } from '../provision/channel.ts';
import { filledIn } from './bindings.ts';
import type { World } from './execute.ts';
import { StepFailure } from './step-failure.ts';

/** Nothing is compared in a walk. */
const NO_COMPARISON = { differences: [], footprints: [], paths: [] };

/** Makes the walk. One that does not hold fails its gate; a tester that cannot be had is the testbed's failure. */
export async function walk(step: WalkStep, { engine, bindings }: World): Promise<void> {
  const entry = filledIn(step.entry, step.universe, bindings);
  const tester = await startTester((argv) => openChannel(engine, bindings.imago.ingress, argv));
  try {
    await tester.connect({ old: entry, new: entry, listenPort: 0, comparison: NO_COMPARISON });
    const { held, reason } = await tester.integration(step.exchanges, step.timeoutMs);
    if (!held) throw new StepFailure(`${step.id}: gate ${step.gate} on ${step.host}: ${reason}`);
  } finally {
    await tester.close();
  }
}
