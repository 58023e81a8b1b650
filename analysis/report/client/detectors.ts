/** What each gate caught and missed. */
import type { ReportData } from '../page-types.ts';
import { byId, type Child, element, fillTable, removeSection } from './element.ts';

/** Without a record that says which steps are gates there is nothing to tell, and no section. */
export function showDetectors({ detectors }: ReportData): void {
  if (detectors.length === 0) {
    removeSection('gates');
    return;
  }
  fillTable(
    byId('gates-table'),
    [
      ...['Gate', 'Approach', 'Faults caught', 'In some trials', 'Missed', 'of these reached users'].map(
        (words) => ({ words }),
      ),
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

/** Number and names; a long list opens on demand. */
function named(faults: readonly string[]): Child {
  const names = faults.join(', ');
  if (faults.length === 0) return '0';
  if (faults.length <= MOST_NAMES) return `${faults.length} (${names})`;
  return element('details', { class: 'inline' }, element('summary', {}, String(faults.length)), names);
}

const MOST_NAMES = 3;
