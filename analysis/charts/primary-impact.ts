/** Overview: the most severe impact of each trial, by type of fault and approach. */
import { TYPE_TITLES } from './impact-matrix.ts';
import { type ChartSpec, IMPACT_COLOURS, IMPACT_LETTERS, type Mode } from './palette.ts';
import { stackedBars } from './stacked-bars.ts';

/** Trials with one primary impact. */
export interface PrimaryRow {
  readonly type: number;
  readonly approach: string;
  readonly primary: string;
  readonly trials: number;
}

/** Short names, for readers who do not tell the colours apart; a trial without an impact has none. */
export const INITIALS: Readonly<Record<string, string>> = {
  'data loss': 'D',
  'full outage': 'O',
  'security vulnerability': 'V',
  'degraded throughput': 'T',
  'increased latency': 'L',
  'latent error': 'E',
  inconclusive: '?',
};

/** An impact as the legend names it: with the letter that stands in its bars. */
function legendName(primary: string): string {
  const initial = INITIALS[primary];
  return initial === undefined ? primary : `${initial}  ${primary}`;
}

/** Bars of counts; a bar's length is the number of completed trials. */
export function primaryImpactChart(
  rows: readonly PrimaryRow[],
  impacts: readonly string[],
  mode: Mode,
  widthPx: number,
): ChartSpec {
  const order = [...impacts, 'inconclusive', 'none'];
  const parts = rows.map(({ type, approach, primary, trials }) => {
    const initial = INITIALS[primary] ?? '';
    return {
      bar: `${type === 0 ? 'control' : `type ${type}`}, ${approach}`,
      order: order.indexOf(primary),
      count: trials,
      typeTitle: TYPE_TITLES[type],
      approach,
      primary,
      look: legendName(primary),
      labels: [`${initial}${trials}`, initial],
    };
  });
  const looks = order
    .filter((primary) => rows.some((row) => row.primary === primary))
    .map((primary) => ({
      title: legendName(primary),
      colour: IMPACT_COLOURS[primary] ?? '',
      letters: IMPACT_LETTERS[primary] ?? ('dark' as const),
    }));
  return stackedBars(
    {
      description: 'Most severe impact of each completed trial, by type of fault and approach',
      parts,
      looks,
      title: 'completed trials',
      told: { typeTitle: 'type', approach: 'approach', primary: 'most severe', count: 'trials' },
      barPx: 18,
      stepPx: 26,
      namesPx: 150,
      legendColumns: widthPx < 420 ? 1 : 3,
    },
    mode,
    widthPx,
  );
}
