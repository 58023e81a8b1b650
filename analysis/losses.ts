/**
 * What lost trials could change: by cell, how large the share of every impact would be were all that is not known a `no`, or all a
 * `yes`. Said with every report, so that nobody takes what is left of a cell for the whole of it.
 */
import { attritionParts, attritionText } from './attrition.ts';
import { type Cell, sharesOf } from './cells.ts';
import { NO_UPGRADE } from './references.ts';
import { percent } from './statistics/share.ts';

/**
 * Bounds of a cell of which trials were lost, as `full outage 50 % to 100 %; others 0 % to 50 %`: of its trials that apply and were
 * reached, the share that users felt, with lost and undecided ones all as `no`, then all as `yes`. Empty where nothing was lost.
 */
export function worstCaseText(cell: Cell): string {
  if (cell.attrition.lost === 0) return '';
  const bounds = sharesOf(cell)
    .filter(({ contrast }) => contrast === 'user')
    .map(({ impact, worstLow, worstHigh }) => ({
      impact,
      range: `${percent(worstLow)} to ${percent(worstHigh)}`,
    }));
  const byRange = Map.groupBy(bounds, ({ range }) => range);
  // Most impacts have the same bounds: those of the trials in which nothing was seen.
  const [usual = []] = [...byRange.values()].sort((a, b) => b.length - a.length);
  const usualRange = usual[0]?.range ?? '';
  if (usual.length === bounds.length) return `every impact ${usualRange}`;
  const named = (all: typeof bounds) => all.map(({ impact, range }) => `${impact} ${range}`).join(', ');
  if (usual.length < 2) return named(bounds);
  return `${named(bounds.filter(({ range }) => range !== usualRange))}; others ${usualRange}`;
}

/** A line for each cell of which trials were lost, with what was lost and the bounds; empty where nothing was. */
export function lossTexts(cells: readonly Cell[]): string[] {
  const lines = cells
    .filter(({ attrition }) => attrition.lost > 0)
    .map((cell) => {
      const { lost, scheduled } = cell.attrition;
      const why = attritionText(attritionParts([cell.attrition]).filter(({ isLost }) => isLost));
      return `${nameOf(cell)}: ${lost} of ${scheduled} trials lost (${why}); at worst, ${worstCaseText(cell)}`;
    });
  if (lines.length === 0) return [];
  return [
    'Of these cells trials were lost. At worst: the share of trials in which users felt an impact, were all that is lost or undecided without it, or with it; that of what the fault added is in cells.csv.',
    ...lines,
  ];
}

function nameOf({ fault, approach, variant }: Cell): string {
  const isControl = fault === 'none';
  const what = isControl ? 'no fault' : fault;
  const named = isControl && approach === NO_UPGRADE ? 'no upgrade' : `${what} under ${approach}`;
  return [named, variant].join(' ').trim();
}
