/**
 * The main figure as a table: its columns stay in sight, its rows break over pages, and every square can be reached
 * by keyboard and read aloud. The same rows are drawn as a chart for the files.
 */
import { type MatrixRow, shareText, TYPE_TITLES, textOf, untoldText } from '../../charts/impact-matrix.ts';
import { strengthOf } from '../../charts/palette.ts';
import type { ReportData } from '../page-types.ts';
import { byId, element } from './element.ts';
import type { Selection } from './filters.ts';
import { moveByArrows } from './grid.ts';

export type Contrast = 'user' | 'fault';

/** Called with a square's fault (`none` for controls), approach and impact. */
export type OpenCell = (fault: string, approach: string, impact: string, contrast: Contrast) => void;

const CONTRAST_TEXTS: Readonly<Record<Contrast, string>> = {
  user: 'Held against trials without an upgrade, and what is open (security vulnerability) against sound systems in the state in which the trial ended: harm that the approach brings by itself shows as well, also in the rows without a fault.',
  fault:
    'Held against upgrades by the same approach without a fault that ended in the same state: what the fault added.',
};

/** Returns what shows a selection. */
export function mainFigure(data: ReportData, open: OpenCell): (selection: Selection) => void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-contrast]')];
  const table = byId<HTMLTableElement>('matrix-table');
  let contrast: Contrast = 'user';
  let shown: Selection | undefined;
  const show = () => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.contrast === contrast));
    byId('contrast-text').textContent = CONTRAST_TEXTS[contrast];
    if (shown === undefined) return;
    fillFigure(table, data, data.matrix[contrast], shown);
    fitInside(table);
  };
  for (const button of buttons)
    button.addEventListener('click', () => {
      contrast = button.dataset.contrast === 'fault' ? 'fault' : 'user';
      show();
    });
  table.addEventListener('click', (event) => {
    const square = event.target instanceof Element ? event.target.closest('button') : null;
    if (square === null) return;
    const { fault = '', approach = '', impact = '' } = square.dataset;
    const isControl = fault === 'no fault' || fault === 'no upgrade';
    open(isControl ? 'none' : fault, fault === 'no upgrade' ? 'none' : approach, impact, contrast);
  });
  moveByArrows(table);
  addEventListener('resize', () => fitInside(table));
  return (selection) => {
    shown = selection;
    show();
  };
}

/** A figure that is wider than the page scrolls in a box of its own, under its head. */
function fitInside(table: HTMLTableElement): void {
  const box = byId('matrix');
  const room = box.closest('section')?.clientWidth ?? box.clientWidth;
  box.classList.toggle('scrolls', table.offsetWidth > room);
}

function fillFigure(
  table: HTMLTableElement,
  data: ReportData,
  rows: readonly MatrixRow[],
  { approaches, rows: named }: Selection,
): void {
  const { impacts } = data;
  const shown = rows.filter((row) => named.has(row.fault));
  const squares = new Map(shown.map((row) => [keyOf(row), row]));
  const types = [...new Set(shown.map(({ type }) => type))].sort((a, b) => a - b);
  const width = 1 + approaches.length * impacts.length;
  const bodies = types.map((type) => {
    const faults = [...new Set(shown.filter((row) => row.type === type).map(({ fault }) => fault))];
    const title = TYPE_TITLES[type] ?? 'Type unknown: no record';
    return element(
      'tbody',
      {},
      element('tr', { class: 'type' }, element('th', { scope: 'rowgroup', colspan: String(width) }, title)),
      ...faults.map((fault) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', title: fault }, fault),
          ...approaches.flatMap((approach) =>
            squaresOf(
              impacts.map((impact) => ({
                fault,
                approach,
                impact,
                row: squares.get(keyOf({ fault, approach, impact })),
              })),
            ),
          ),
        ),
      ),
    );
  });
  const nothing = element('tbody', {}, element('tr', {}, element('td', {}, 'No cell matches the filters.')));
  table.replaceChildren(headOf(approaches, impacts), ...(bodies.length === 0 ? [nothing] : bodies));
  table.querySelector('button')?.setAttribute('tabindex', '0');
}

function keyOf({ fault, approach, impact }: Pick<MatrixRow, 'fault' | 'approach' | 'impact'>): string {
  return JSON.stringify([fault, approach, impact]);
}

function headOf(approaches: readonly string[], impacts: readonly string[]): HTMLElement {
  return element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col', rowspan: '2' }, 'Fault'),
      ...approaches.map((approach) =>
        element(
          'th',
          { scope: 'colgroup', colspan: String(impacts.length), class: 'first approach' },
          approach,
        ),
      ),
    ),
    element(
      'tr',
      {},
      ...approaches.flatMap(() =>
        impacts.map((impact, index) =>
          element(
            'th',
            { scope: 'col', class: index === 0 ? 'impact first' : 'impact' },
            element('span', {}, impact),
          ),
        ),
      ),
    ),
  );
}

interface Square extends Pick<MatrixRow, 'fault' | 'approach' | 'impact'> {
  /** Absent where the approach never met the fault. */
  readonly row: MatrixRow | undefined;
}

/** One fault under one approach: a cell an impact, or one for all where no trial says anything of users. */
function squaresOf(squares: readonly Square[]): HTMLElement[] {
  const [first] = squares;
  if (first?.row !== undefined && untoldText(first.row) !== '')
    return [element('td', { class: 'first', colspan: String(squares.length) }, untold(first, first.row))];
  return squares.map((square, index) =>
    element('td', { class: index === 0 ? 'first' : '' }, squareOf(square)),
  );
}

/** What became of the trials; opens one of them, unless no record of any can be read. */
function untold(square: Square, row: MatrixRow): HTMLElement {
  const words = untoldText(row);
  if (!row.opens) return element('span', { class: 'none', title: row.note }, words);
  return buttonOf(square, 'untold', `${square.fault} under ${square.approach}: ${words}`, row.note, words);
}

/** A square is a button; where nothing was tried there is nothing to open. */
function squareOf(square: Square): HTMLElement {
  const { fault, approach, impact, row } = square;
  if (row === undefined || (row.decided === 0 && row.inconclusive === 0)) {
    const isAbsent = row?.inapplicable === true;
    const words = isAbsent ? 'the approach has no such step' : 'no trial';
    return element('span', { class: 'none', title: words }, isAbsent ? 'n/a' : '–');
  }
  const share = row.decided === 0 ? 0 : row.yes / row.decided;
  const kind = row.decided === 0 ? 'open' : row.yes === 0 ? 'empty' : share >= 1 ? 'full' : 'part';
  const edge = row.decided > 0 && row.inconclusive > 0 ? ' undecided' : '';
  const button = buttonOf(
    square,
    `square ${kind}${edge} is-${impact.replaceAll(' ', '-')}`,
    `${fault} under ${approach}, ${impact}: ${textOf(row)}`,
    row.note,
    kind === 'open' ? '?' : row.yes === 0 ? '' : shareText(row.yes, row.decided),
  );
  button.style.setProperty('--strength', `${strengthOf(share)}%`);
  return button;
}

/** A button of the figure, which says in words what it shows. */
function buttonOf(
  { fault, approach, impact }: Square,
  kind: string,
  words: string,
  note: string,
  shown: string,
): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: kind,
      tabindex: '-1',
      title: `${words}. ${note}`,
      'aria-label': words,
      'data-fault': fault,
      'data-approach': approach,
      'data-impact': impact,
    },
    shown,
  );
}
