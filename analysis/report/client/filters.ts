/** What a reader has filtered: the figures and the table of cells show the same. */
import { TYPE_TITLES } from '../../charts/impact-matrix.ts';
import type { ReportCell, ReportData } from '../page-types.ts';
import { rowName, type TrialSummary } from '../summaries.ts';
import { byId, option } from './element.ts';

/** The cells that pass, and what belongs to them. */
export interface Selection {
  readonly cells: readonly ReportCell[];
  readonly trials: readonly TrialSummary[];
  /** Columns of the figures. */
  readonly approaches: readonly string[];
  /** Rows of the figures; all approaches of a row are shown, because they are to be compared. */
  readonly rows: ReadonlySet<string>;
}

/** So long a reader types on. */
const TYPING_MS = 150;

/** @param show called at once with everything, then whenever the filters change. */
export function onFilters(data: ReportData, show: (selection: Selection) => void): void {
  const [approach, type, violation, impact] = ['approach', 'type', 'violation', 'impact'].map((name) =>
    byId<HTMLSelectElement>(`filter-${name}`),
  ) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  const text = byId<HTMLInputElement>('filter-text');
  const planted = data.cells.filter((cell) => cell.type > 0);
  fill(approach, unique(data.cells.map((cell) => cell.approach)));
  fill(
    type,
    unique(data.cells.map((cell) => String(cell.type))),
    (value) => TYPE_TITLES[Number(value)] ?? value,
  );
  fill(violation, unique(planted.map((cell) => cell.violation)).sort());
  fill(impact, data.impacts);
  const select = () => {
    const words = text.value.trim().toLowerCase();
    const cells = data.cells.filter(
      (cell) =>
        (approach.value === '' || cell.approach === approach.value) &&
        (type.value === '' || String(cell.type) === type.value) &&
        (violation.value === '' || cell.violation === violation.value) &&
        (impact.value === '' || impactsOf(data, cell).includes(impact.value)) &&
        wordsOf(cell).includes(words),
    );
    byId('filter-count').textContent = `${cells.length} of ${data.cells.length} cells`;
    show({
      cells,
      trials: cells.flatMap((cell) => trialsOf(data, cell)),
      approaches: data.approaches.includes(approach.value) ? [approach.value] : data.approaches,
      rows: new Set(cells.map((cell) => rowName(cell.fault, cell.approach))),
    });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  text.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(select, TYPING_MS);
  });
  const form = byId<HTMLFormElement>('filters');
  form.addEventListener('change', select);
  form.addEventListener('submit', (event) => event.preventDefault());
  // The fields are emptied after the event.
  form.addEventListener('reset', () => setTimeout(select));
  select();
}

/** A cell's trials, without those that left no record. */
export function trialsOf(data: ReportData, cell: ReportCell): TrialSummary[] {
  return cell.trials.map((index) => data.trials[index]).filter((trial) => trial !== undefined);
}

function impactsOf(data: ReportData, cell: ReportCell): string[] {
  return trialsOf(data, cell).flatMap(({ impacts }) => impacts);
}

function fill(
  select: HTMLSelectElement,
  values: readonly string[],
  nameOf: (value: string) => string = (value) => value,
): void {
  select.replaceChildren(option('', 'all'), ...values.map((value) => option(value, nameOf(value))));
}

function wordsOf(cell: ReportCell): string {
  const { fault, approach, dependency, violation, containment, primary } = cell;
  return [fault, approach, dependency, violation, containment, ...primary.map((p) => p.name)]
    .join(' ')
    .toLowerCase();
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
