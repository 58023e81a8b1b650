/** One trial's story: its timeline, the figures that decided, the plan with the edit marked, what was read. */
import { IMPACT_COLOURS } from '../../charts/palette.ts';
import { timelineChart } from '../../charts/timeline.ts';
import { type ReportData, type ReportTrial, timelineOf } from '../data.ts';
import { draw } from './charts.ts';
import { byId, type Child, definitions, element, option } from './element.ts';

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
        group.append(...cell.trials.map((index) => data.trials[index]?.id ?? '').map((id) => option(id, id)));
        return group;
      }),
  );
  select.addEventListener('change', () => choose(select.value));
}

/** Shows a trial in place of the one before it. */
export function showTrial(data: ReportData, trial: ReportTrial): void {
  byId<HTMLSelectElement>('trial-select').value = trial.id;
  const text = (index: number) => data.texts[index] ?? '';
  const chart = element('div', {
    class: 'chart',
    id: 'timeline',
    role: 'img',
    'aria-label': `Timeline of trial ${trial.id}`,
  });
  const figures = element('dl', { class: 'figures' });
  definitions(figures, trial.facts);
  const hasLoad = trial.timeline.offered.length > 0;
  byId('trial-body').replaceChildren(
    ...present([
      element('p', { class: 'headline', 'data-trial': trial.id }, headline(trial)),
      element('p', { class: 'quiet' }, storyOf(trial, text(trial.reason))),
      figures,
      hasLoad ? chart : element('p', { class: 'quiet' }, 'No load was offered in this trial.'),
      element('h3', {}, 'What decided'),
      labelsTable(data, trial),
      planDetails(data, trial),
      evidenceDetails(data, trial),
      checksDetails(data, trial),
    ]),
  );
  if (hasLoad) {
    // The transfer has an axis at its right as well.
    const axesPx = trial.timeline.imago === null ? 100 : 155;
    void draw({
      target: chart,
      spec: (mode, widthPx) => timelineChart(timelineOf(data, trial), mode, Math.max(200, widthPx - axesPx)),
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
  return element(
    'span',
    {},
    `${what}: `,
    element('span', { class: 'chip', style: `--chip: ${IMPACT_COLOURS[impact] ?? '#7D868F'}` }, impact),
  );
}

function storyOf(trial: ReportTrial, reason: string): string {
  const parts = [
    trial.id,
    `upgrade ${trial.upgrade}`,
    trial.containment,
    trial.outcome === 'completed' ? '' : `${trial.outcome}: ${reason}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function labelsTable(data: ReportData, trial: ReportTrial): HTMLElement {
  const text = (index: number) => data.texts[index] ?? '';
  const head = ['Impact', 'Contrast', 'Label', 'Figure', 'Bound', 'Effect', 'Reason and references'];
  const numeric = new Set(['Figure', 'Bound', 'Effect']);
  const rows = trial.labels.map(
    ([impact, contrast, label, figure, value, bound, effect, threshold, reason, references]) => {
      const named = (name: string, kind: string, ...children: Child[]) =>
        element('td', { 'data-name': name, class: kind }, ...children);
      const count = text(references) === '' ? 0 : text(references).split(' ').length;
      return element(
        'tr',
        {},
        element('td', {}, text(impact)),
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
        named(
          'Reason and references',
          'wide',
          text(reason),
          element(
            'span',
            { class: 'sub', title: text(references) },
            `${count} references${count > 0 && count <= 6 ? `: ${text(references)}` : ''}`,
          ),
        ),
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
    { class: 'scroll' },
    element('table', { class: 'labels' }, header, element('tbody', {}, ...rows)),
  );
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

function planDetails(data: ReportData, trial: ReportTrial): HTMLElement | null {
  if (trial.plan.length === 0) return null;
  const text = (index: number) => data.texts[index] ?? '';
  const edited = trial.plan.filter(([, , , , edit]) => text(edit) !== '').length;
  const rows = trial.plan.map(([row, kind, host, title, edit]) => {
    const change = text(edit);
    return element(
      'tr',
      { class: change === '' ? '' : 'edited' },
      element('td', {}, String(row)),
      element('td', {}, text(title), change === '' ? null : element('span', { class: 'sub' }, change)),
      element('td', { class: 'quiet' }, text(host)),
      element('td', { class: 'quiet' }, text(kind)),
    );
  });
  const summary = `Plan: ${trial.plan.length} steps${edited > 0 ? `, ${edited} changed by the fault` : ''}`;
  return element(
    'details',
    edited > 0 ? { open: '' } : {},
    element('summary', {}, summary),
    element(
      'div',
      { class: 'plan-box', tabindex: '0', role: 'region', 'aria-label': 'Plan' },
      element('table', { class: 'plan' }, ...rows),
    ),
  );
}

function evidenceDetails(data: ReportData, trial: ReportTrial): HTMLElement | null {
  if (trial.evidence.length === 0) return null;
  const text = (index: number) => data.texts[index] ?? '';
  const parts = trial.evidence.flatMap((evidence) => [
    element(
      'p',
      {},
      `${evidence.fault}: `,
      element('span', { class: evidence.verdict }, evidence.verdict),
      `. ${text(evidence.summary)}`,
    ),
    ...evidence.texts.map((index) => element('pre', {}, text(index))),
  ]);
  return element('details', { open: '' }, element('summary', {}, 'Evidence of the fault'), ...parts);
}

function checksDetails(data: ReportData, trial: ReportTrial): HTMLElement {
  const text = (index: number) => data.texts[index] ?? '';
  const row = (name: string, verdict: string, note: string) =>
    element(
      'tr',
      {},
      element('td', {}, name),
      element('td', { class: verdict.split(' ')[0] ?? '' }, verdict),
      element('td', { class: 'quiet' }, note),
    );
  const block = (title: string, rows: readonly HTMLElement[]) =>
    rows.length === 0
      ? null
      : element(
          'div',
          {},
          element('h3', {}, title),
          element('div', { class: 'scroll' }, element('table', {}, ...rows)),
        );
  return element(
    'details',
    {},
    element('summary', {}, 'Provocations, posture, sham confirmations, logs'),
    block(
      'Provocations',
      trial.provocations.map((p) => row(p.name, p.result, text(p.reason))),
    ),
    block(
      'Posture',
      trial.probes.map((p) => row(p.name, p.result, text(p.exposures).split('\n').join('; '))),
    ),
    block(
      'Looked for although not planted',
      trial.shams.map((s) => row(s.fault, s.verdict, text(s.summary))),
    ),
    trial.logs.length === 0
      ? null
      : element('p', { class: 'quiet' }, `Logs in trials/${trial.id}/logs: ${trial.logs.join(', ')}`),
  );
}
