/** A timeline as tables: what the chart shows, for those who do not see it or want the numbers. */
import type { TimelineData } from '../../charts/timeline.ts';
import { element, fillTable } from './element.ts';

/** Closed at first; its tables are made when it is opened. */
export function timelineNumbers(timeline: TimelineData): HTMLElement {
  const body = element('div', { class: 'columns' });
  const details = element(
    'details',
    { id: 'timeline-numbers' },
    element('summary', {}, 'The timeline in numbers'),
    body,
  );
  details.addEventListener('toggle', () => {
    if (details.open && body.childElementCount === 0) body.append(...tablesOf(timeline));
  });
  return details;
}

function tablesOf(timeline: TimelineData): HTMLElement[] {
  const seconds = element('table');
  fillTable(
    seconds,
    [{ words: 'Second' }, { words: 'Phase' }, 'Offered', 'Served', 'Failed', 'p95 ms'],
    timeline.offered.map((offered, index) => {
      const second = timeline.firstSecond + index;
      const phase = timeline.phases.findLast(({ fromS }) => fromS < second + 1)?.phase ?? '';
      const p95 = timeline.p95Ms[index] ?? null;
      return [
        String(second),
        phase,
        String(offered),
        String(timeline.ok[index] ?? 0),
        String(timeline.failed[index] ?? 0),
        p95 === null ? '–' : String(p95),
      ];
    }),
  );
  const steps = element('table');
  const { imago } = timeline;
  const happened = [
    ...timeline.steps.map(({ fromS, toS, host, title, outcome, edit, gate }) => ({
      atS: fromS,
      host,
      what: [title, gate === '' ? '' : `gate ${gate}`, edit].filter((part) => part !== '').join('; '),
      came: `${outcome} after ${(toS - fromS).toFixed(2)} s`,
    })),
    ...timeline.readings.map(({ atS, host, title }) => ({ atS, host, what: title, came: 'evidence read' })),
    ...(imago?.marks ?? []).map(({ atS, phase, what, text }) => ({ atS, host: phase, what, came: text })),
  ].sort((a, b) => a.atS - b.atS);
  fillTable(
    steps,
    [{ words: 'At second' }, { words: 'Where' }, { words: 'What' }, { words: 'What came of it' }],
    happened.map(({ atS, host, what, came }) => [atS.toFixed(2), host, what, came]),
  );
  return [boxOf('By second', seconds), boxOf('Steps, readings, gates', steps)];
}

function boxOf(title: string, table: HTMLElement): HTMLElement {
  return element(
    'div',
    {},
    element('h3', {}, title),
    element('div', { class: 'plan-box', tabindex: '0', role: 'region', 'aria-label': title }, table),
  );
}
