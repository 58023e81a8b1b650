/** Leased machines against harm, by approach: what isolation takes, and what it is for. */
import { median } from 'simple-statistics';
import type { LeaseRecord } from '../../results/schema.ts';
import type { LeaseImpactRow } from '../charts/lease-impact.ts';
import type { JudgedTrial } from '../judge.ts';
import { leaseFigure } from '../lease.ts';
import { plantsFault } from '../references.ts';
import { exactShare } from '../statistics/share.ts';
import { variantOf } from '../variant.ts';
import { isToldOf } from './fault-kinds.ts';

/** Trials with a fault under one approach that tell whether users were reached. */
export function leaseImpactOf(approach: string, trials: readonly JudgedTrial[]): LeaseImpactRow {
  const told = trials.filter(
    ({ record, containment }) =>
      record.approach === approach &&
      variantOf(record) === '' &&
      plantsFault(record) &&
      isToldOf(containment),
  );
  const reached = told.filter(({ containment }) => containment === 'reached-users').length;
  const { low, high } = exactShare(reached, told.length);
  const leased = (of: (lease: LeaseRecord) => number) =>
    middle(told.map(({ record }) => leaseFigure(record, of)));
  return {
    ...{ approach, decided: told.length, reached, low, high },
    leasedS: leased(({ seconds }) => seconds),
    cpuSeconds: leased(({ cpuSeconds }) => cpuSeconds),
  };
}

function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Number(median(known).toFixed(1));
}
