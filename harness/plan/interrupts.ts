/**
 * Kills of the upgrade's own processes, as people write them: `driver@4.2` (seconds from the upgrade's first step),
 * `upgrader@switch/hold` (when that step begins), `driver@switch/hold+0.02` (that long after it began).
 */
import type { Interrupt, InterruptedProcess, Plan } from '../contract/plan.ts';

const FORM = /^(upgrader|driver)@(?:(\d+(?:\.\d+)?)|([a-z][^\s+@,]*)(?:\+(\d+(?:\.\d+)?))?)$/;

/** What is allowed, for messages. */
export const INTERRUPT_FORM =
  'PROCESS@SECONDS, PROCESS@STEP or PROCESS@STEP+SECONDS, where PROCESS is upgrader or driver';

/** The kill that a text asks for; undefined where it is none. */
export function parseInterrupt(text: string): Interrupt | undefined {
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [, process, seconds, step = null, later] = found;
  return { process: process as InterruptedProcess, step, afterS: Number(seconds ?? later ?? 0) };
}

/** The text that asks for a kill. */
export function interruptText({ process, step, afterS }: Interrupt): string {
  if (step === null) return `${process}@${afterS}`;
  return `${process}@${step}${afterS === 0 ? '' : `+${afterS}`}`;
}

/** Why a kill cannot happen in a plan; empty where it can. */
export function impossibleIn(plan: Pick<Plan, 'approach' | 'upgrade'>, interrupt: Interrupt): string {
  // The upgrader tells of whole steps: those that a parallel one is made of begin with it.
  const steps = plan.upgrade;
  const { process, step } = interrupt;
  if (process === 'driver' && !steps.some((one) => one.kind === 'imago'))
    return `approach ${plan.approach} has no driver`;
  if (step === null || steps.some(({ id }) => id === step)) return '';
  return `approach ${plan.approach} has no step ${step}; \`upfault plan --approach ${plan.approach}\` lists them`;
}
