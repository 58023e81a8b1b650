/** When the driver is killed: moments drawn at random from each part of an upgrade that went well. */
import type { Plan } from '../contract/plan.ts';
import type { StepId } from '../contract/step.ts';
import { interruptText } from '../plan/interrupts.ts';
import { randomStream } from '../plan/random.ts';

/** A step of an upgrade that was seen to its end, in milliseconds of one clock. */
export interface SeenStep {
  readonly stepId: StepId;
  readonly startMs: number;
  readonly endMs: number;
}

/** A part of the upgrade in which the driver is at work. */
export interface Part {
  readonly name: 'transfer' | 'termination' | 'testing' | 'switchover';
  /** Its first step, from whose beginning moments are counted. */
  readonly from: StepId;
  readonly lastedMs: number;
}

/** First and last action of each part. */
const PARTS = [
  ['transfer', 'start-egress', 'compare'],
  ['termination', 'hold', 'release'],
  ['testing', 'start-tester', 'reconcile'],
  // From the redirection on there is nothing left for the driver to do.
  ['switchover', 'hold', 'redirect'],
] as const;

/** The parts of an upgrade, in its order, with how long each took. Throws where one was not seen whole. */
export function partsOf(plan: Pick<Plan, 'upgrade'>, seen: readonly SeenStep[]): Part[] {
  let rest = plan.upgrade;
  return PARTS.map(([name, first, last]) => {
    const begin = rest.findIndex((step) => step.kind === 'imago' && step.action.do === first);
    const length = rest.slice(begin).findIndex((step) => step.kind === 'imago' && step.action.do === last);
    const [from, to] = [rest[begin]?.id ?? '', rest[begin + length]?.id ?? ''];
    rest = rest.slice(begin + length + 1);
    const startMs = seen.find(({ stepId }) => stepId === from)?.startMs;
    const endMs = seen.find(({ stepId }) => stepId === to)?.endMs;
    if (startMs === undefined || endMs === undefined)
      throw new Error(`${name}: ${from || first} to ${to || last} was not seen whole`);
    return { name, from, lastedMs: endMs - startMs };
  });
}

/** A kill that is asked for. */
export interface Moment {
  readonly part: Part['name'];
  /** As the option of a trial has it. */
  readonly interrupt: string;
}

/** As many moments as asked for, the parts in turn, each uniformly in its part's length; the same for the same seed. */
export function momentsOf(
  parts: readonly Part[],
  process: 'driver' | 'upgrader',
  count: number,
  seed: number,
): Moment[] {
  const random = randomStream(seed, `kills/${process}`);
  return Array.from({ length: count }, (_, index) => {
    const part = parts[index % parts.length] as Part;
    const afterS = random.below(Math.max(1, Math.ceil(part.lastedMs))) / 1000;
    return { part: part.name, interrupt: interruptText({ process, step: part.from, afterS }) };
  });
}
