/** `sensitivity.csv`: how many positive controls were labelled with the harm that was done. */
import { csvText } from '../results/csv.ts';
import type { Sensitivity } from './sensitivity.ts';
import { rounded } from './tables.ts';

const COLUMNS = [
  'fault',
  'approach',
  'variant',
  'contrast',
  'impact',
  'labelled',
  'trials',
  'share',
  'low',
  'high',
  'inconclusive',
  'lost',
] as const;

/** Text of the table; without positive controls, its header alone. */
export function sensitivityTable(rows: readonly Sensitivity[]): string {
  return csvText(
    COLUMNS,
    rows.map(({ fault, approach, variant, contrast, impact, share, inconclusive, lost }) => ({
      fault,
      approach,
      variant,
      contrast,
      impact,
      labelled: share.k,
      trials: share.n,
      share: share.n === 0 ? null : rounded(share.k / share.n),
      low: rounded(share.low),
      high: rounded(share.high),
      inconclusive,
      lost,
    })),
  );
}
