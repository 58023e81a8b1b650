/** What confirmed a trial's fault, what was looked at afterwards, and where the record lies. */
import type { Story } from '../page-types.ts';
import { element, fillTable } from './element.ts';

/** The readings that confirmed the fault, with their texts. */
export function evidenceDetails({ texts, trial }: Story): HTMLElement | null {
  if (trial.evidence.length === 0) return null;
  const text = (index: number) => texts[index] ?? '';
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

/** What was looked at after the horizon, and the files of the record. */
export function checksDetails({ texts, trial }: Story): HTMLElement {
  const text = (index: number) => texts[index] ?? '';
  const block = (
    title: string,
    names: readonly string[],
    rows: readonly (readonly [name: string, verdict: string, note: string])[],
  ) => {
    if (rows.length === 0) return null;
    const table = element('table');
    fillTable(
      table,
      names.map((words) => ({ words })),
      rows.map(([name, verdict, note]) => [
        name,
        element('span', { class: verdict.split(' ')[0] ?? '' }, verdict),
        element('span', { class: 'quiet' }, note),
      ]),
    );
    const box = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title };
    return element('div', {}, element('h3', {}, title), element('div', box, table));
  };
  return element(
    'details',
    {},
    element('summary', {}, 'Provocations, posture, sham confirmations, logs'),
    block(
      'Provocations',
      ['Provocation', 'Result', 'Reason'],
      trial.provocations.map((p) => [p.name, p.result, text(p.reason)]),
    ),
    block(
      'Posture',
      ['Probe', 'Result', 'Exposed'],
      trial.probes.map((p) => [p.name, p.result, text(p.exposures).split('\n').join('; ')]),
    ),
    block(
      'Looked for although not planted',
      ['Fault', 'Verdict', 'Seen'],
      trial.shams.map((s) => [s.fault, s.verdict, text(s.summary)]),
    ),
    filesOf(trial),
  );
}

/** Files of the record; the page stands beside the folder of trials. */
function filesOf({ id, logs, readings, unreadable }: Story['trial']): HTMLElement {
  const links = (names: readonly string[], folder: string) =>
    names.flatMap((name) => [
      element(
        'a',
        {
          href: `trials/${[id, folder, name]
            .filter((part) => part !== '')
            .map(encodeURIComponent)
            .join('/')}`,
        },
        name,
      ),
      ' ',
    ]);
  const line = (title: string, names: readonly string[], folder: string) =>
    names.length === 0 ? null : element('p', {}, `${title}: `, ...links(names, folder));
  return element(
    'div',
    { class: 'files' },
    element('h3', {}, 'Files of the record, where the page still stands beside them'),
    line('Record', ['trial.json', 'plan.json', 'events.jsonl', 'requests.csv', 'ledger.csv'], ''),
    line('Readings', readings, 'evidence'),
    line('Logs', logs, 'logs'),
    ...unreadable.map((why) => element('p', { class: 'failed' }, `Could not be read: ${why}`)),
  );
}
