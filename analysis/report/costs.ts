/** What each approach takes beyond the system itself, in the middle of its controls. */
import type { LeaseRecord, TrialRecord } from '../../results/schema.ts';
import type { JudgedTrial } from '../judge.ts';
import { leaseFigure } from '../lease.ts';
import { isControl } from '../references.ts';
import { medianOfKnown } from '../statistics/median.ts';
import { variantOf } from '../variant.ts';
import type { ApproachCost } from './page-types.ts';

/** Whether a trial is a control that went to its end with all parts: what an upgrade that goes well takes. */
export function isUsual(record: TrialRecord): boolean {
  return (
    variantOf(record) === '' &&
    isControl(record) &&
    record.outcome === 'completed' &&
    record.upgrade.outcome === 'upgraded'
  );
}

/** Medians over an approach's completed controls that went to their end; `not measured` where no record tells. */
export function costOf(approach: string, trials: readonly JudgedTrial[]): ApproachCost {
  const records = trials
    .map(({ record }) => record)
    .filter((record) => record.approach === approach && isUsual(record));
  const leased = (of: (lease: LeaseRecord) => number | null, digits: number) =>
    middle(
      records.map((record) => leaseFigure(record, of)),
      digits,
    );
  const peak = leased((lease) => lease.peakMemoryMb, 0);
  const limit = leased((lease) => lease.memoryLimitMb, 0);
  return {
    approach,
    trials: records.length,
    upgradeS: middle(
      records.map(({ upgrade }) => (upgrade.endMs - upgrade.startMs) / 1000),
      1,
    ),
    leasedS: leased((lease) => lease.seconds, 1),
    cpuSeconds: leased((lease) => lease.cpuSeconds, 1),
    memoryMb: peak === limit ? peak : `${peak} of ${limit}`,
    diskMb: leased((lease) => lease.diskMb, 0),
  };
}

function middle(values: readonly (number | null)[], digits: number): string {
  const value = medianOfKnown(values);
  return value === null
    ? 'not measured'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
