/** What the campaign says of each finding, with the numbers and the trials that decided. */
import type { Claim } from '../../claims/claim.ts';
import type { ReportData } from '../page-types.ts';
import { byId, element, fillTable } from './element.ts';
import { trialAddress } from './trial-links.ts';

/** Trials that are named; the others stand in `upfault claims --json`. */
const MOST_TRIALS = 3;

/** The table of claims; a trial's name opens its story. */
export function showClaims({ claims, trials }: ReportData): void {
  const own = new Set(trials.map(({ id }) => id));
  fillTable(
    byId('claims-table'),
    ['Finding', 'Beside', 'Verdict', 'Numbers', 'Decided by', 'Missing'].map((words) => ({ words })),
    claims.map((claim) => [
      element('span', { title: claim.rule }, claim.finding),
      claim.against || '-',
      element('strong', {}, claim.verdict),
      claim.p === null ? claim.numbers : `${claim.numbers}; p = ${Number(claim.p.toPrecision(2))}`,
      decidedBy(claim, own),
      claim.missing || '-',
    ]),
  );
}

/** @param own ids of this report's trials: those of another campaign, which decide fidelity too, have no story here */
function decidedBy({ trials }: Claim, own: ReadonlySet<string>): HTMLElement {
  const more = trials.length > MOST_TRIALS ? `and ${trials.length - MOST_TRIALS} more` : null;
  return element(
    'span',
    {},
    ...trials
      .slice(0, MOST_TRIALS)
      .flatMap((id) => [own.has(id) ? element('a', { href: trialAddress(id) }, id) : id, ' ']),
    more,
  );
}
