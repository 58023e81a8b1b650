/** The top of the page, the main figure, and what to trust. */
import { impactMatrix, type MatrixRow } from '../../charts/impact-matrix.ts';
import { primaryImpactChart } from '../../charts/primary-impact.ts';
import type { ReportData } from '../data.ts';
import { draw } from './charts.ts';
import { byId, definitions, element } from './element.ts';

const CONTRAST_TEXTS = {
  user: 'Held against trials without an upgrade: harm that the approach brings by itself shows as well, also in the rows without a fault.',
  fault:
    'Held against upgrades by the same approach without a fault that ended in the same state: what the fault added.',
};

/** Squares as large as the page allows. */
const LARGEST_STEP_PX = 34;
const SMALLEST_STEP_PX = 22;

/** @param open called with a cell's fault and approach when its square is clicked. */
export function showOverview(
  data: ReportData,
  open: (fault: string, approach: string, impact: string) => void,
): void {
  byId('title').textContent = `Campaign ${data.campaign}`;
  byId('subtitle').textContent =
    `${data.scenarios.join(', ')}; started ${data.startedAt.replace('T', ' ').slice(0, 16)}; seed ${data.seed}`;
  definitions(byId('facts'), data.facts);
  showTrust(data);
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-contrast]')];
  const choose = (contrast: 'user' | 'fault'): Promise<void> => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.contrast === contrast));
    byId('contrast-text').textContent = CONTRAST_TEXTS[contrast];
    return drawMatrix(data, data.matrix[contrast], open);
  };
  for (const button of buttons) {
    button.addEventListener(
      'click',
      () => void choose(button.dataset.contrast === 'fault' ? 'fault' : 'user'),
    );
  }
  const drawPrimary = () =>
    draw({
      target: byId('primary'),
      spec: (mode, widthPx) =>
        primaryImpactChart(data.primary, data.impacts, mode, Math.max(120, widthPx - 130)),
    });
  // The main figure takes the room that it needs; this one has the rest, which is known only then.
  void choose('user').then(drawPrimary);
}

function drawMatrix(
  data: ReportData,
  rows: readonly MatrixRow[],
  open: (fault: string, approach: string, impact: string) => void,
): Promise<void> {
  return draw({
    target: byId('matrix'),
    spec: (mode, boxPx) => {
      // The chart's own box shrinks to the chart: the room is that of the section around it.
      const widthPx = byId('matrix').closest('section')?.clientWidth ?? boxPx;
      const namesPx = widthPx < 600 ? 104 : 170;
      const room = (widthPx - namesPx - 110) / (data.approaches.length * data.impacts.length);
      const stepPx = Math.round(Math.max(SMALLEST_STEP_PX, Math.min(LARGEST_STEP_PX, room)));
      return impactMatrix(rows, {
        mode,
        impacts: data.impacts,
        approaches: data.approaches,
        stepPx,
        namesPx,
      });
    },
    onClick: (datum) => {
      if (typeof datum !== 'object' || datum === null || !('fault' in datum) || !('approach' in datum))
        return;
      const fault = String(datum.fault);
      const impact = 'impact' in datum ? String(datum.impact) : '';
      open(
        fault === 'no fault' || fault === 'no upgrade' ? 'none' : fault,
        fault === 'no upgrade' ? 'none' : String(datum.approach),
        impact,
      );
    },
  });
}

function showTrust(data: ReportData): void {
  byId('alarms').replaceChildren(
    ...data.falseAlarms.map(({ impact, text }) =>
      element('tr', {}, element('td', {}, impact), element('td', { class: 'number' }, text)),
    ),
  );
  byId('notes').replaceChildren(...data.notes.map((note) => element('li', {}, note)));
  byId('environment').replaceChildren(
    ...data.environment.map(({ name, value }) =>
      element('tr', {}, element('td', {}, name), element('td', {}, value)),
    ),
  );
}
