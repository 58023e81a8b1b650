/** Rehearsals that also ask detectors and go to their end, and what came of it fault by fault. */
import type { PreparedTrial } from '../campaign/prepare.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { CaughtByRow } from '../explain/caught-by.ts';
import { type Detection, detectionsOf, placesOf, shortened, withDetectors } from './detection.ts';
import { isSameProcedure } from './programme.ts';
import { type Rehearsal, TIME_LIMIT } from './rehearsal.ts';

/** What is written as the reason where a fault's edit touches no host on which a tool could be run. */
const NO_HOST = 'not asked: its edit touches no host of the system';

/** The same rehearsals with detectors: each fault's at its own places, each control's at those of all its approach's faults. */
export function withAllDetectors(
  rehearsals: readonly PreparedTrial[],
  { detectors, hosts }: Pick<Scenario, 'detectors' | 'hosts'>,
): PreparedTrial[] {
  return rehearsals.map((prepared) => {
    const { plan, planted } = prepared;
    const alike =
      planted.length > 0 ? [prepared] : rehearsals.filter((other) => isSameProcedure(other.plan, plan));
    const places = alike
      .filter((other) => other.planted.length > 0)
      .flatMap((other) => placesOf(other.plan, hosts(plan.size)));
    return { ...prepared, plan: withDetectors(plan, places, detectors, hosts(plan.size)) };
  });
}

/** What was found of each single fault, and of which fault nothing was found although it was asked. */
export function caughtBy(
  rehearsals: readonly { readonly prepared: PreparedTrial; readonly outcome: Rehearsal }[],
  { detectors, hosts }: Pick<Scenario, 'detectors' | 'hosts'>,
): { readonly rows: CaughtByRow[]; readonly unread: string[] } {
  const rows: CaughtByRow[] = [];
  const unread: string[] = [];
  for (const { prepared, outcome } of rehearsals) {
    const { plan, planted, trial } = prepared;
    const control = rehearsals.find(
      ({ prepared: other }) => other.planted.length === 0 && isSameProcedure(other.plan, plan),
    );
    if (planted.length !== 1 || control === undefined) continue;
    const about = { fault: trial.fault, approach: plan.approach, seed: plan.seed };
    const places = placesOf(plan, hosts(plan.size));
    const found = detectionsOf(places, detectors, outcome.readings, control.outcome.readings);
    for (const { name: detector } of detectors) {
      const one = found.find((detection) => detection.detector === detector);
      if (one !== undefined) rows.push({ ...about, ...one });
      else if (places.length === 0) rows.push({ ...about, detector, caught: false, words: NO_HOST });
      else
        unread.push(
          `${trial.fault} (${plan.approach}): ${detector} could not be read with the fault and on a control`,
        );
    }
    const gate = stoppedBy(outcome, control.outcome);
    if (gate === undefined)
      unread.push(`${trial.fault} (${plan.approach}): the upgrade, or its control, did not come to an end`);
    else rows.push({ ...about, ...gate });
  }
  return { rows, unread };
}

/**
 * What stopped the upgrade, and what it said; undefined where nobody knows, because it took too long or its control was
 * stopped as well.
 */
function stoppedBy({ upgrade, gate, steps }: Rehearsal, control: Rehearsal): Detection | undefined {
  if (gate === TIME_LIMIT || control.upgrade !== 'upgraded') return undefined;
  if (upgrade === 'upgraded') return { detector: 'gate', caught: false, words: '' };
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  const said = failed === undefined ? '' : `: ${failed.reason.replace(`${failed.stepId}: `, '')}`;
  return { detector: 'gate', caught: true, words: shortened(`${gate} (${failed?.stepId ?? ''})${said}`) };
}
