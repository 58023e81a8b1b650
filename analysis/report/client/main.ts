/** The page: reads its data, fills its parts, and follows the address to a trial. */
import type { ReportData } from '../data.ts';
import type { TrialSummary } from '../summaries.ts';
import { showCells } from './cells.ts';
import { redrawOnChange } from './charts.ts';
import { showClaims } from './claims.ts';
import { containment } from './containment.ts';
import { showCosts } from './costs.ts';
import { showDetectors } from './detectors.ts';
import { byId, element } from './element.ts';
import { onFilters, trialsOf } from './filters.ts';
import { showHarm } from './harm.ts';
import { showKinds } from './kinds.ts';
import { type Contrast, mainFigure } from './main-figure.ts';
import { showOverview } from './overview.ts';
import { showResilience } from './resilience.ts';
import { showSeverity } from './severity.ts';
import { storyOf } from './stories.ts';
import { listTrials, showTrial } from './trial.ts';
import { trialAddress } from './trial-links.ts';

const TRIAL_ADDRESS = trialAddress('');

const data = JSON.parse(byId('data').textContent ?? '') as ReportData;

/** Opens a trial by its address, so that the browser's back button and shared links work. */
function open(id: string): void {
  const address = trialAddress(id);
  // The trial that is shown is asked for again: its part of the page was left by scrolling.
  if (location.hash === address) void follow();
  else location.hash = address;
}

async function follow(): Promise<void> {
  if (!location.hash.startsWith(TRIAL_ADDRESS)) return;
  const id = decodeURIComponent(location.hash.slice(TRIAL_ADDRESS.length));
  if (!(await show(id))) return;
  byId('trial').scrollIntoView();
  byId('trial-title').focus({ preventScroll: true });
}

let wanted = '';

/** @returns whether there is such a trial, and no other was asked for meanwhile */
async function show(id: string): Promise<boolean> {
  wanted = id;
  const index = data.trials.findIndex((trial) => trial.id === id);
  if (index < 0) return false;
  try {
    const story = await storyOf(data, index);
    if (wanted !== id) return false;
    showTrial(data, story);
  } catch (error) {
    byId('trial-body').replaceChildren(
      element('p', {}, error instanceof Error ? error.message : String(error)),
    );
  }
  return true;
}

/** The trial that shows best what a cell's square says. */
function openCell(fault: string, approach: string, impact: string, contrast: Contrast): void {
  const cell = data.cells.find((candidate) => candidate.fault === fault && candidate.approach === approach);
  if (cell === undefined) return;
  const trials = trialsOf(data, cell);
  const hasIt = ({ impacts, impactsOfFault }: TrialSummary) =>
    (contrast === 'user' ? impacts : impactsOfFault).includes(impact);
  const chosen = trials.find(hasIt) ?? trials[0];
  if (chosen !== undefined) open(chosen.id);
}

showOverview(data);
const showFigure = mainFigure(data, openCell);
const showContainment = containment(data);
onFilters(data, (selection) => {
  showFigure(selection);
  showSeverity(data, selection);
  showHarm(data, selection, open);
  showContainment(selection);
  showKinds(selection);
  showCells(data, selection);
});
showDetectors(data);
showResilience(data);
showClaims(data);
showCosts(data, open);
listTrials(data, open);
redrawOnChange();
addEventListener('hashchange', () => void follow());
addEventListener('DOMContentLoaded', () => {
  const first =
    data.trials.find((trial) => trial.role === 'fault' && trial.outcome === 'completed') ?? data.trials[0];
  if (location.hash.startsWith(TRIAL_ADDRESS)) void follow();
  else if (first !== undefined) void show(first.id);
});
