/** What each gate caught and missed. */
import type { ReportData } from '../data.ts';
import { byId, numbersTable } from './element.ts';

/** Without a record that says which steps are gates there is nothing to tell, and no section. */
export function showDetectors({ detectors }: ReportData): void {
  if (detectors.length === 0) {
    byId('gates').remove();
    document.querySelector('nav a[href="#gates"]')?.remove();
    return;
  }
  numbersTable(
    byId('gates-table'),
    [
      ...['Gate', 'Approach', 'Faults caught', 'In some trials', 'Missed', 'of these reached users'],
      ...['False alarms on controls', 'Time to detection'],
    ],
    detectors.map(({ gate, approach, gates, caught, sometimes, missed, missedHarmful, ...row }) => [
      gates === 'native' ? gate : `${gate} (gates ${gates})`,
      approach,
      named(caught),
      named(sometimes),
      named(missed),
      named(missedHarmful),
      row.falseAlarms.n === 0 ? 'no control' : `${row.falseAlarms.k} of ${row.falseAlarms.n}`,
      row.detectionMs === null ? '-' : `${(row.detectionMs / 1000).toFixed(1)} s`,
    ]),
  );
}

/** Number and names; a long list is cut, gates.csv has it whole. */
function named(faults: readonly string[]): string {
  const shown = faults.slice(0, MOST_NAMES).join(', ');
  const more = faults.length > MOST_NAMES ? ', ...' : '';
  return faults.length === 0 ? '0' : `${faults.length} (${shown}${more})`;
}

const MOST_NAMES = 4;
