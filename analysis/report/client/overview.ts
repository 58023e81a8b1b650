/** The top of the page, and what to trust. */
import type { ReportData } from '../data.ts';
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
  byId('alarms').replaceChildren(
    ...data.falseAlarms.map(({ impact, text }) =>
      element('tr', {}, element('td', {}, impact), element('td', { class: 'number' }, text)),
    ),
  );
  if (data.sensitivity.length === 0) byId('noticed').remove();
  else
    fillTable(
      byId('sensitivity'),
      [{ words: 'Positive controls' }, { words: 'Approach' }, { words: 'Must be called' }, { words: 'Was' }],
      data.sensitivity.map(({ fault, approach, impact, text }) => [fault, approach, impact, text]),
    );
  byId('notes').replaceChildren(...data.notes.map((note) => element('li', {}, note)));
  byId('environment').replaceChildren(
    ...data.environment.map(({ name, value }) =>
      element('tr', {}, element('td', {}, name), element('td', {}, value)),
    ),
  );
}
