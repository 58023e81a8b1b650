/** Leased machines against harm, by approach: what isolation takes, and what it is for. */
import type { LeaseRecord } from '../../results/schema.ts';
import type { LeaseImpactRow } from '../charts/lease-impact.ts';
import type { JudgedTrial } from '../judge.ts';
import { leaseFigure } from '../lease.ts';
import { plantsFault } from '../references.ts';
import { medianOfKnown } from '../statistics/median.ts';
import { exactShare } from '../statistics/share.ts';
import { variantOf } from '../variant.ts';
import { isToldOf } from './fault-kinds.ts';

/** Trials of one approach by their fault. */
type ByFault = ReadonlyMap<string, readonly JudgedTrial[]>;

/**
 * A row for each approach under which some trial tells whether its fault reached users. Approaches are compared by the same faults,
 * those that every one of them tells of, and a fault counts once however often it was repeated.
 */
export function leaseImpacts(
  approaches: readonly string[],
  trials: readonly JudgedTrial[],
): LeaseImpactRow[] {
  const planted = trials.filter(({ record }) => plantsFault(record) && variantOf(record) === '');
  const sides = approaches
    .map((approach) => ({
      approach,
      faults: Map.groupBy(
        planted.filter(({ record }) => record.approach === approach),
        ({ record }) => record.fault.name,
      ),
    }))
    .filter(({ faults }) => [...faults.values()].some(isTold));
  const shared = [...(sides[0]?.faults.keys() ?? [])].filter((fault) =>
    sides.every(({ faults }) => isTold(faults.get(fault) ?? [])),
  );
  return sides.map(({ approach, faults }) => rowOf(approach, faults, new Set(shared)));
}

function isTold(trials: readonly JudgedTrial[]): boolean {
  return trials.some(({ containment }) => isToldOf(containment));
}

function rowOf(approach: string, faults: ByFault, shared: ReadonlySet<string>): LeaseImpactRow {
  const own = [...faults].filter(([fault]) => shared.has(fault)).map(([, trials]) => trials);
  const reached = own.filter((trials) => trials.some((trial) => trial.containment === 'reached-users'));
  const told = own.flat().filter(({ containment }) => isToldOf(containment));
  const leased = (of: (lease: LeaseRecord) => number) =>
    middle(told.map(({ record }) => leaseFigure(record, of)));
  const { low, high } = exactShare(reached.length, own.length);
  return {
    approach,
    faults: own.length,
    reached: reached.length,
    low,
    high,
    leftOut: leftOutText([...faults].filter(([fault]) => !shared.has(fault)).map(([, trials]) => trials)),
    leasedS: leased(({ seconds }) => seconds),
    cpuSeconds: leased(({ cpuSeconds }) => cpuSeconds),
  };
}

function leftOutText(faults: readonly (readonly JudgedTrial[])[]): string {
  const isInapplicable = (trials: readonly JudgedTrial[]) =>
    trials.every(({ containment }) => containment === 'inapplicable');
  const counts = [
    [faults.filter(isInapplicable).length, 'not applicable'],
    [faults.filter((trials) => !isTold(trials) && !isInapplicable(trials)).length, 'undecided or lost'],
    [faults.filter(isTold).length, 'not told of every approach'],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, why]) => `${count} ${why}`)
    .join(', ');
}

function middle(values: readonly (number | null)[]): number | null {
  const value = medianOfKnown(values);
  return value === null ? null : Number(value.toFixed(1));
}
