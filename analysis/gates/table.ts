/** `gates.csv`: what each gate caught and missed, one row a gate, approach and fault. */
import { csvText } from '../../results/csv.ts';
import { rounded } from '../tables.ts';
import type { DetectorRow } from './detectors.ts';

const COLUMNS = [
  'approach',
  'gates',
  'gate',
  'fault',
  'fault_type',
  'asked',
  'caught',
  'share',
  'low',
  'high',
  'missed',
  'missed_reached_users',
  'detection_ms',
] as const;

/** Text of the table. */
export function gatesTable(rows: readonly DetectorRow[]): string {
  return csvText(
    COLUMNS,
    rows.map(({ approach, gates, gate, fault, type, caught, missedHarmful, detectionMs }) => ({
      approach,
      gates,
      gate,
      fault,
      fault_type: type,
      asked: caught.n,
      caught: caught.k,
      share: rounded(caught.k / caught.n),
      low: rounded(caught.low),
      high: rounded(caught.high),
      missed: caught.n - caught.k,
      missed_reached_users: missedHarmful,
      detection_ms: rounded(detectionMs),
    })),
  );
}
