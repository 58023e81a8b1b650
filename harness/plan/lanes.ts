/**
 * Lanes: hosts of a parallel universe that nobody waits for are installed side by side, each by its own recipe. A step
 * keeps its place in the plan's list, so that an edit meets the same list of steps under every approach.
 */
import type { Step } from '../contract/step.ts';
import { hostOf } from './rows.ts';

/** Marks the steps of hosts' recipes as a stretch in which hosts are worked on side by side. */
export function sideBySide(stretch: string, steps: readonly Step[]): Step[] {
  return steps.map((step) => {
    const host = hostOf(step);
    return host === '' ? step : { ...step, lane: { stretch, host } };
  });
}

/**
 * Takes into a lane what was put beside one of its steps and acts on the same host, and every observation behind one of
 * its steps: to look must not make the other hosts wait, or a control would be upgraded in another way than a trial
 * that looks for less.
 */
export function joinLanes(steps: readonly Step[]): Step[] {
  const joined: Step[] = [...steps];
  const join = (index: number, neighbour: Step | undefined, looksBehind: boolean) => {
    const step = joined[index];
    if (step === undefined || step.lane !== undefined || neighbour?.lane === undefined) return;
    const isSameHost = hostOf(step) === neighbour.lane.host && step.universe === neighbour.universe;
    if (isSameHost || (looksBehind && step.kind === 'observe'))
      joined[index] = { ...step, lane: neighbour.lane };
  };
  for (let index = 0; index < joined.length; index += 1) join(index, joined[index - 1], true);
  for (let index = joined.length - 1; index >= 0; index -= 1) join(index, joined[index + 1], false);
  return joined;
}

/** What runs before the next begins: hosts side by side, each in its order; or a step alone. */
export type Stretch = readonly (readonly Step[])[];

/** The stretches of a list of steps, in order. */
export function stretchesOf(steps: readonly Step[]): Stretch[] {
  const stretches: Map<string, Step[]>[] = [];
  let former: Step | undefined;
  for (const step of steps) {
    const goesOn = step.lane !== undefined && step.lane.stretch === former?.lane?.stretch;
    const lanes = (goesOn && stretches.at(-1)) || new Map<string, Step[]>();
    if (!goesOn) stretches.push(lanes);
    const host = step.lane?.host ?? '';
    lanes.set(host, [...(lanes.get(host) ?? []), step]);
    former = step;
  }
  return stretches.map((lanes) => [...lanes.values()]);
}
