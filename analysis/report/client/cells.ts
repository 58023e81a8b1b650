/** The table of cells: every number of the main figure in reach of keyboard and screen reader. */
import { TYPE_TITLES } from '../../charts/impact-matrix.ts';
import { IMPACT_COLOURS } from '../../charts/palette.ts';
import type { ReportCell, ReportData } from '../data.ts';
import { byId, element, option } from './element.ts';

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

/** Trials that a row names one by one; the rest are in the list of the trial section. */
const NAMED_TRIALS = 12;

/** Fills the table and its filters. */
export function showCells(data: ReportData): void {
  const approach = byId<HTMLSelectElement>('filter-approach');
  const type = byId<HTMLSelectElement>('filter-type');
  const text = byId<HTMLInputElement>('filter-text');
  const approaches = [...new Set(data.cells.map((cell) => cell.approach))];
  const types = [...new Set(data.cells.map((cell) => cell.type))];
  approach.replaceChildren(option('', 'all'), ...approaches.map((name) => option(name, name)));
  type.replaceChildren(
    option('', 'all'),
    ...types.map((number) => option(String(number), TYPE_TITLES[number] ?? 'unknown')),
  );
  const fill = () => {
    const shown = data.cells.filter(
      (cell) =>
        (approach.value === '' || cell.approach === approach.value) &&
        (type.value === '' || String(cell.type) === type.value) &&
        wordsOf(cell).includes(text.value.trim().toLowerCase()),
    );
    fillTable(data, shown);
  };
  approach.addEventListener('change', fill);
  type.addEventListener('change', fill);
  text.addEventListener('input', fill);
  fill();
}

function wordsOf(cell: ReportCell): string {
  const { fault, approach, dependency, violation, containment, primary } = cell;
  return [fault, approach, dependency, violation, containment, ...primary.map((p) => p.name)]
    .join(' ')
    .toLowerCase();
}

function fillTable(data: ReportData, cells: readonly ReportCell[]): void {
  const numeric = new Set(['Served', 'p95 ms', 'Without service s']);
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      ...COLUMNS.map((name) =>
        element('th', { scope: 'col', class: numeric.has(name) ? 'number' : '' }, name),
      ),
    ),
  );
  const body = element('tbody');
  let type: number | undefined;
  for (const cell of cells) {
    if (cell.type !== type) {
      const title = TYPE_TITLES[cell.type] ?? 'Type unknown: no record';
      body.append(
        element('tr', { class: 'group' }, element('td', { colspan: String(COLUMNS.length) }, title)),
      );
      type = cell.type;
    }
    body.append(rowOf(data, cell));
  }
  if (cells.length === 0)
    body.append(
      element(
        'tr',
        { class: 'group' },
        element('td', { colspan: String(COLUMNS.length) }, 'No cell matches the filters.'),
      ),
    );
  byId('cell-table').replaceChildren(head, body);
}

function rowOf(data: ReportData, cell: ReportCell): HTMLElement {
  const fault = cell.fault === 'none' ? (cell.approach === 'none' ? 'no upgrade' : 'no fault') : cell.fault;
  const about =
    cell.fault === 'none' ? null : element('span', { class: 'sub' }, `${cell.violation}; ${cell.dependency}`);
  const outcome = cell.outcome === 'completed' ? null : element('span', { class: 'sub' }, cell.outcome);
  const lost = cell.attrition === '' ? null : element('span', { class: 'sub' }, cell.attrition);
  const ids = cell.trials.map((index) => data.trials[index]?.id ?? '').filter((id) => id !== '');
  const more =
    ids.length > NAMED_TRIALS
      ? element('span', { class: 'sub' }, `and ${ids.length - NAMED_TRIALS} more below`)
      : null;
  const links = ids
    .slice(0, NAMED_TRIALS)
    .map((id) => element('a', { href: `#trial=${encodeURIComponent(id)}` }, id));
  const named = (name: string, attributes: string, ...children: (Node | string | null)[]) =>
    element('td', { 'data-name': name, class: attributes }, ...children);
  return element(
    'tr',
    {},
    element('td', { class: 'wide' }, element('strong', {}, fault), about),
    named('Approach', '', cell.approach),
    named('Most severe impact', '', ...impactChips(cell), outcome),
    named('Containment', '', cell.containment),
    named('Served', 'number', cell.success),
    named('p95 ms', 'number', cell.p95),
    named('Without service s', 'number', cell.outage),
    named('Trials', 'wide', element('span', { class: 'trials' }, ...links), more, lost),
  );
}

function impactChips(cell: ReportCell): HTMLElement[] {
  return cell.primary.map(({ name, count }) => {
    const text = cell.primary.length === 1 && count === 1 ? name : `${name} (${count})`;
    return element(
      'span',
      { class: 'chip sub-row', style: `--chip: ${IMPACT_COLOURS[name] ?? 'transparent'}` },
      text,
    );
  });
}
