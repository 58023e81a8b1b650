/** The most severe impact of each trial: the chart, and the same numbers as a table. */
import { type PrimaryRow, primaryImpactChart } from '../../charts/primary-impact.ts';
import type { ReportData } from '../page-types.ts';
import { primaryRows } from '../summaries.ts';
import { draw, drawNothing } from './charts.ts';
import { byId, fillTable } from './element.ts';
import type { Selection } from './filters.ts';

/** Room for the names of the bars. */
const NAMES_PX = 130;

/** Counts a selection's completed trials. */
export function showSeverity({ impacts }: ReportData, { trials }: Selection): void {
  const rows = primaryRows(trials);
  if (rows.length === 0) drawNothing(byId('primary'));
  else drawRows(rows, impacts);

  const groups = [...new Set(rows.map(({ type, approach }) => JSON.stringify([type, approach])))];
  const present = [...impacts, 'inconclusive', 'none'].filter((word) =>
    rows.some(({ primary }) => primary === word),
  );
  fillTable(
    byId('primary-table'),
    [{ words: 'Trials' }, ...present],
    groups.map((group) => {
      const [type, approach] = JSON.parse(group) as [number, string];
      const count = (word: string) =>
        rows.find((row) => row.type === type && row.approach === approach && row.primary === word)?.trials ??
        0;
      return [
        `${type === 0 ? 'controls' : `type ${type}`}, ${approach}`,
        ...present.map((word) => String(count(word))),
      ];
    }),
  );
}

function drawRows(rows: readonly PrimaryRow[], impacts: readonly string[]): void {
  draw({
    target: byId('primary'),
    label: `Bars: most severe impact of ${rows.reduce((sum, row) => sum + row.trials, 0)} completed trials, by type of fault and approach`,
    numbers: 'primary-table',
    spec: (mode, widthPx) => primaryImpactChart(rows, impacts, mode, Math.max(120, widthPx - NAMES_PX)),
  });
}
