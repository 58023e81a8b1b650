/** The top of the page, and what to trust. */
import type { ReportData } from '../page-types.ts';
import { byId, definitions, element, fillTable } from './element.ts';

/** Name, figures and machine of the campaign. */
export function showOverview(data: ReportData): void {
  byId('title').textContent = `Campaign ${data.campaign}`;
  byId('subtitle').textContent =
    `${data.scenarios.join(', ')}; started ${data.startedAt.replace('T', ' ').slice(0, 16)}; seed ${data.seed}`;
  definitions(byId('facts'), data.facts);
  showTrust(data);
}

function showTrust(data: ReportData): void {
  fillTable(
    byId('alarms'),
    [{ words: 'Impact' }, 'Controls labelled'],
    data.falseAlarms.map(({ impact, text }) => [impact, text]),
  );
  if (data.sensitivity.length === 0) byId('noticed').remove();
  else
    fillTable(
      byId('sensitivity'),
      [{ words: 'Positive controls' }, { words: 'Approach' }, { words: 'Must be called' }, { words: 'Was' }],
      data.sensitivity.map(({ fault, approach, impact, text }) => [fault, approach, impact, text]),
    );
  byId('notes').replaceChildren(...data.notes.map((note) => element('li', {}, note)));
  fillTable(
    byId('environment'),
    [{ words: 'What' }, { words: 'Value' }],
    data.environment.map(({ name, value }) => [name, value]),
  );
}
