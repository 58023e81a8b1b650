/** The page: reads its data, fills its parts, and follows the address to a trial. */
import type { ReportData, ReportTrial } from '../data.ts';
import { showCells } from './cells.ts';
import { redrawOnChange } from './charts.ts';
import { showClaims } from './claims.ts';
import { showContainment } from './containment.ts';
import { showCosts } from './costs.ts';
import { showDetectors } from './detectors.ts';
import { byId } from './element.ts';
import { showOverview } from './overview.ts';
import { showResilience } from './resilience.ts';
import { listTrials, showTrial } from './trial.ts';

const TRIAL_ADDRESS = '#trial=';

const data = JSON.parse(byId('data').textContent ?? '') as ReportData;
const byTrialId = new Map(data.trials.map((trial) => [trial.id, trial]));

/** Opens a trial by its address, so that the browser's back button and shared links work. */
function open(id: string): void {
  location.hash = `${TRIAL_ADDRESS}${encodeURIComponent(id)}`;
}

function follow(): void {
  if (!location.hash.startsWith(TRIAL_ADDRESS)) return;
  const trial = byTrialId.get(decodeURIComponent(location.hash.slice(TRIAL_ADDRESS.length)));
  if (trial === undefined) return;
  showTrial(data, trial);
  byId('trial').scrollIntoView();
  byId('trial-title').focus({ preventScroll: true });
}

/** The trial that shows best what a cell's square says. */
function openCell(fault: string, approach: string, impact: string): void {
  const cell = data.cells.find((candidate) => candidate.fault === fault && candidate.approach === approach);
  const trials = (cell?.trials ?? [])
    .map((index) => data.trials[index])
    .filter((trial) => trial !== undefined);
  const chosen = trials.find((trial) => hasLabel(trial, impact)) ?? trials[0];
  if (chosen !== undefined) open(chosen.id);
}

function hasLabel(trial: ReportTrial, impact: string): boolean {
  return trial.labels.some(
    ([name, contrast, label]) =>
      data.texts[name] === impact && data.texts[contrast] === 'user' && data.texts[label] === 'yes',
  );
}

showOverview(data, openCell);
showContainment(data);
showDetectors(data);
showResilience(data);
showClaims(data);
showCosts(data, open);
showCells(data);
listTrials(data, open);
const first = data.trials.find((trial) => trial.type > 0 && trial.outcome === 'completed') ?? data.trials[0];
if (first !== undefined) showTrial(data, first);
addEventListener('hashchange', follow);
follow();
redrawOnChange();
