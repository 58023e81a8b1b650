/** What approaches cost, and what that buys. */
import { leaseImpactChart } from '../../charts/lease-impact.ts';
import { overheadChart } from '../../charts/overhead.ts';
import type { ReportData } from '../page-types.ts';
import { draw } from './charts.ts';
import { byId, fillTable } from './element.ts';
import { showQuiescences } from './quiescences.ts';

/** @param open called with the trial whose point is clicked. */
export function showCosts(data: ReportData, open: (id: string) => void): void {
  showQuiescences(data, open);
  showOverhead(data);
  showLeases(data);
  fillTable(
    byId('cost-table'),
    [{ words: 'Approach' }, 'Controls', 'Upgrade s', 'Leased s', 'CPU s', 'Memory MB', 'Disk MB'],
    data.costs.map((cost) => [
      cost.approach,
      String(cost.trials),
      cost.upgradeS,
      cost.leasedS,
      cost.cpuSeconds,
      cost.memoryMb,
      cost.diskMb,
    ]),
  );
}

/** How to have trials without, for a campaign that has none. */
const TO_HAVE =
  'upfault run --approach none,imago --fault none --ingress interceptor,direct --mirroring on,off';

/** Room for the names of the kinds of controls. */
const NAMES_PX = 250;

function showOverhead({ overhead }: ReportData): void {
  const table = byId('overhead-table');
  byId('overhead-text').textContent =
    overhead.length === 0
      ? `No trial of this campaign was without; ${TO_HAVE} has them.`
      : 'Medians over the controls, within the horizon; without it a plain TCP forwarder stands in its place, and TLS ends at the clients.';
  if (overhead.length === 0) {
    byId('overhead').remove();
    table.remove();
    return;
  }
  const points = overhead.flatMap((row) => row.points);
  draw({
    target: byId('overhead'),
    label: `Points: p50 and p95 of controls with interceptor and mirroring and without, ${overhead.length} kinds`,
    numbers: 'overhead-table',
    spec: (mode, widthPx) => overheadChart(points, mode, Math.min(420, Math.max(120, widthPx - NAMES_PX))),
  });
  fillTable(
    table,
    [{ words: 'Controls of' }, 'Trials', 'Served %', 'p50 ms', 'p95 ms'],
    overhead.map((row) => [row.name, String(row.trials), row.success, row.p50Ms, row.p95Ms]),
  );
}

/** Room for the axis at the left. */
const AXIS_PX = 70;

function showLeases({ leases }: ReportData): void {
  if (leases.length === 0) {
    byId('lease-part').remove();
    return;
  }
  fillTable(
    byId('lease-table'),
    [
      ...[{ words: 'Approach' }, 'Faults that reached users', '95 % interval'],
      ...[{ words: 'Faults left out' }, 'Leased s', 'CPU s'],
    ],
    leases.map(({ approach, reached, faults, low, high, leftOut, leasedS, cpuSeconds }) => [
      approach,
      `${reached} of ${faults}`,
      faults === 0 ? '–' : `${Math.round(low * 100)} % to ${Math.round(high * 100)} %`,
      leftOut || 'none',
      leasedS === null ? 'not measured' : leasedS.toFixed(1),
      cpuSeconds === null ? 'not measured' : cpuSeconds.toFixed(1),
    ]),
  );
  const shown = leases.filter(({ faults }) => faults > 0).length;
  if (shown === 0) {
    byId('lease').remove();
    return;
  }
  draw({
    target: byId('lease'),
    label: `Points: share of faults that reached users against leased CPU seconds, ${shown} approaches`,
    numbers: 'lease-table',
    spec: (mode, widthPx) => leaseImpactChart(leases, mode, Math.min(420, Math.max(160, widthPx - AXIS_PX))),
  });
}
