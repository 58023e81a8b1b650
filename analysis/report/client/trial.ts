/** One trial's story: its timeline, the figures that decided, the plan with the edit marked, what was read. */
import { timelineChart } from '../../charts/timeline.ts';
import {
  type ReportData,
  type ReportLabel,
  type ReportTrial,
  type Story,
  timelineOf,
} from '../page-types.ts';
import { draw } from './charts.ts';
import { byId, type Child, definitions, element, fillTable, option } from './element.ts';
import { trialsOf } from './filters.ts';
import { checksDetails, evidenceDetails } from './trial-checks.ts';
import { impactChip, trialLinks } from './trial-links.ts';
import { timelineNumbers } from './trial-numbers.ts';

/** Fills the list of trials. @param choose called with the id that a reader picks. */
export function listTrials(data: ReportData, choose: (id: string) => void): void {
  const select = byId<HTMLSelectElement>('trial-select');
  select.replaceChildren(
    ...data.cells
      .filter((cell) => cell.trials.length > 0)
      .map((cell) => {
        const group = element('optgroup', {
          label: `${cell.fault === 'none' ? 'control' : cell.fault}, ${cell.approach}`,
        });
        group.append(...trialsOf(data, cell).map(({ id }) => option(id, id)));
        return group;
      }),
  );
  select.addEventListener('change', () => choose(select.value));
}

/** Trials of a cell that are all linked to beside each other. */
const MOST_SIBLINGS = 100;

/** Says why there is no trial to show. */
export function showProblem(text: string): void {
  const line = byId('trial-headline');
  delete line.dataset.trial;
  line.replaceChildren(text);
  byId('trial-body').replaceChildren();
}

/** Shows a trial in place of the one before it. @param note stands before its headline, which is read aloud */
export function showTrial(data: ReportData, story: Story, note: string): void {
  const { texts, trial } = story;
  byId<HTMLSelectElement>('trial-select').value = trial.id;
  const text = (index: number) => texts[index] ?? '';
  const chart = element('div', { class: 'chart', id: 'timeline' });
  const figures = element('dl', { class: 'figures' });
  definitions(figures, trial.facts);
  const hasLoad = trial.timeline.offered.length > 0;
  const line = byId('trial-headline');
  line.dataset.trial = trial.id;
  line.replaceChildren(element('span', { class: 'sub' }, note), headline(trial));
  byId('trial-body').replaceChildren(
    ...present([
      element('p', { class: 'quiet' }, sentenceOf(trial, text(trial.reason))),
      siblings(data, trial),
      figures,
      ...(hasLoad
        ? [chart, timelineNumbers(timelineOf(texts, trial))]
        : [element('p', { class: 'quiet' }, 'No load was offered in this trial.')]),
      element('h3', {}, 'What decided'),
      labelsTable(story),
      planDetails(story),
      evidenceDetails(story),
      checksDetails(story),
    ]),
  );
  if (hasLoad) {
    // The transfer has an axis at its right as well.
    const axesPx = trial.timeline.imago === null ? 100 : 155;
    draw({
      target: chart,
      label: `Timeline of trial ${trial.id}: requests, p95 and steps over ${trial.timeline.offered.length} seconds`,
      numbers: 'timeline-numbers',
      spec: (mode, widthPx) => timelineChart(timelineOf(texts, trial), mode, Math.max(200, widthPx - axesPx)),
    });
  }
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child) => child !== null);
}

function headline(trial: ReportTrial): HTMLElement {
  const what =
    trial.type === 0
      ? trial.approach === 'none'
        ? 'no upgrade'
        : `${trial.approach}, no fault`
      : `${trial.fault} under ${trial.approach}`;
  const impact = trial.primary === '' ? trial.outcome : trial.primary;
  return element('span', {}, `${what}: `, impactChip(impact, impact));
}

/** The other trials of the same cell; nothing where there are none. */
function siblings(data: ReportData, { id }: ReportTrial): HTMLElement | null {
  const cell = data.cells.find((one) => trialsOf(data, one).some((trial) => trial.id === id));
  if (cell === undefined || cell.trials.length < 2) return null;
  return element(
    'nav',
    { class: 'siblings', 'aria-label': 'Trials of the same cell' },
    element('span', { class: 'quiet' }, `${cell.trials.length} trials of this cell: `),
    trialLinks(data, cell, id, MOST_SIBLINGS),
  );
}

function sentenceOf(trial: ReportTrial, reason: string): string {
  const parts = [
    trial.id,
    `upgrade ${trial.upgrade}`,
    trial.containment,
    trial.outcome === 'completed' ? '' : `${trial.outcome}: ${reason}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function labelsTable({ texts, trial }: Story): HTMLElement {
  const text = (index: number) => texts[index] ?? '';
  const head = ['Impact', 'Contrast', 'Label', 'Figure', 'Bound', 'Effect', 'Reason and references'];
  const numeric = new Set(['Figure', 'Bound', 'Effect']);
  const impacts = [...new Set(trial.labels.map(([impact]) => impact))];
  // What users felt first: the other contrast explains it.
  const labels = impacts.flatMap((impact) => {
    const own = trial.labels.filter((label) => label[0] === impact);
    const isUser = (label: ReportLabel) => text(label[1]) === 'user';
    return [...own.filter(isUser), ...own.filter((label) => !isUser(label))];
  });
  const rows = labels.map(
    ([impact, contrast, label, figure, value, bound, effect, threshold, reason, references]) => {
      const named = (name: string, kind: string, ...children: Child[]) =>
        element('td', { 'data-name': name, class: kind }, ...children);
      return element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'wide' }, text(impact)),
        named('Contrast', '', text(contrast)),
        named('Label', text(label), text(label)),
        named('Figure', 'number', number(value), element('span', { class: 'sub' }, text(figure))),
        named('Bound', 'number', number(bound)),
        named(
          'Effect',
          'number',
          number(effect),
          element('span', { class: 'sub' }, threshold === null ? '' : `of ${number(threshold)}`),
        ),
        named('Reason and references', 'wide', text(reason), referencesOf(text(references))),
      );
    },
  );
  const header = element(
    'thead',
    {},
    element(
      'tr',
      {},
      ...head.map((name) => element('th', { scope: 'col', class: numeric.has(name) ? 'number' : '' }, name)),
    ),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'What decided' },
    element('table', { class: 'labels cards' }, header, element('tbody', {}, ...rows)),
  );
}

/** References that are named at once; more of them are opened. */
const MOST_NAMED = 6;

function referencesOf(names: string): HTMLElement {
  const count = names === '' ? 0 : names.split(' ').length;
  if (count <= MOST_NAMED)
    return element('span', { class: 'sub' }, `${count} references${count > 0 ? `: ${names}` : ''}`);
  return element('details', { class: 'inline sub' }, element('summary', {}, `${count} references`), names);
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

function planDetails({ texts, trial }: Story): HTMLElement | null {
  if (trial.plan.length === 0) return null;
  const text = (index: number) => texts[index] ?? '';
  const edits = trial.plan.map(([, , , , edit]) => text(edit));
  const edited = edits.filter((edit) => edit !== '').length;
  const table = element('table', { class: 'plan' });
  fillTable(
    table,
    ['Step', 'What', 'Where', 'Kind'].map((words) => ({ words })),
    trial.plan.map(([row, kind, host, title, edit]) => [
      String(row),
      element('span', {}, text(title), element('span', { class: 'sub' }, text(edit))),
      element('span', { class: 'quiet' }, text(host)),
      element('span', { class: 'quiet' }, text(kind)),
    ]),
  );
  for (const [index, row] of [...table.querySelectorAll('tbody tr')].entries())
    row.classList.toggle('edited', edits[index] !== '');
  const summary = `Plan: ${trial.plan.length} steps${edited > 0 ? `, ${edited} changed by the fault` : ''}`;
  return element(
    'details',
    edited > 0 ? { open: '' } : {},
    element('summary', {}, summary),
    element('div', { class: 'plan-box', tabindex: '0', role: 'region', 'aria-label': 'Plan' }, table),
  );
}
