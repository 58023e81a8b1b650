/** The table of cells: every fault under every approach, with the way to each of its trials. */
import { attritionText } from '../../attrition.ts';
import { TYPE_TITLES } from '../../charts/impact-matrix.ts';
import type { ReportCell, ReportData } from '../page-types.ts';
import { rowName } from '../summaries.ts';
import { byId, element } from './element.ts';
import type { Selection } from './filters.ts';
import { impactChip, trialLinks } from './trial-links.ts';

const COLUMNS = [
  'Fault',
  'Approach',
  'Most severe impact',
  'Containment',
  'Served',
  'p95 ms',
  'Without service s',
  'Trials',
];

const NUMBERS = new Set(['Served', 'p95 ms', 'Without service s']);

/** Fills the table with a selection's cells, grouped by type. */
export function showCells(data: ReportData, { cells }: Selection): void {
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      ...COLUMNS.map((name) =>
        element('th', { scope: 'col', class: NUMBERS.has(name) ? 'number' : '' }, name),
      ),
    ),
  );
  const types = [...new Set(cells.map(({ type }) => type))];
  const bodies = types.map((type) =>
    element(
      'tbody',
      {},
      groupRow(TYPE_TITLES[type] ?? 'Type unknown: no record'),
      ...cells.filter((cell) => cell.type === type).map((cell) => rowOf(data, cell)),
    ),
  );
  const nothing = element('tbody', {}, groupRow('No cell matches the filters.'));
  byId('cell-table').replaceChildren(head, ...(cells.length === 0 ? [nothing] : bodies));
}

function groupRow(title: string): HTMLElement {
  return element(
    'tr',
    { class: 'group' },
    element('th', { scope: 'rowgroup', colspan: String(COLUMNS.length) }, title),
  );
}

function rowOf(data: ReportData, cell: ReportCell): HTMLElement {
  const about = cell.fault === 'none' ? [] : [cell.violation, cell.dependency].filter((part) => part !== '');
  const named = (name: string, kind: string, ...children: (Node | string | null)[]) =>
    element('td', { 'data-name': name, class: kind }, ...children);
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: 'wide' }, rowName(cell.fault, cell.approach), sub(about.join('; '))),
    named('Approach', '', cell.approach),
    named(
      'Most severe impact',
      '',
      element(
        'span',
        { class: 'trials' },
        ...cell.primary.map(({ name, count }) =>
          impactChip(name, cell.primary.length === 1 && count === 1 ? name : `${name} (${count})`),
        ),
      ),
      cell.outcome === 'completed' ? null : sub(cell.outcome),
    ),
    named('Containment', '', cell.containment),
    named('Served', 'number', cell.success),
    named('p95 ms', 'number', cell.p95),
    named('Without service s', 'number', cell.outage),
    named(
      'Trials',
      'wide',
      trialLinks(data, cell),
      sub(attritionText(cell.attrition)),
      sub(cell.worstCase === '' ? '' : `at worst, ${cell.worstCase}`),
    ),
  );
}

function sub(text: string): HTMLElement | null {
  return text === '' ? null : element('span', { class: 'sub' }, text);
}
