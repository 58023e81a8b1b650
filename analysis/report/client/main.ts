/** The page: reads its data, fills its parts, and follows the address to a trial. */
import type { ReportData } from '../page-types.ts';
import type { TrialSummary } from '../summaries.ts';
import { showCells } from './cells.ts';
import { redrawOnChange } from './charts.ts';
import { showClaims } from './claims.ts';
import { containment } from './containment.ts';
import { showCosts } from './costs.ts';
import { showDetectors } from './detectors.ts';
import { byId } from './element.ts';
import { onFilters, trialsOf } from './filters.ts';
import { showHarm } from './harm.ts';
import { showKinds } from './kinds.ts';
import { type Contrast, mainFigure } from './main-figure.ts';
import { showOverview } from './overview.ts';
import { showResilience } from './resilience.ts';
import { showSeverity } from './severity.ts';
import { storyOf } from './stories.ts';
import { listTrials, showProblem, showTrial } from './trial.ts';
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

/** The trial that the address names; undefined where it names none. */
function addressed(): string | undefined {
  if (!location.hash.startsWith(TRIAL_ADDRESS)) return undefined;
  const id = location.hash.slice(TRIAL_ADDRESS.length);
  try {
    return decodeURIComponent(id);
  } catch {
    // Typed by somebody: no address of this page.
    return id;
  }
}

async function follow(): Promise<void> {
  const id = addressed();
  if (id === undefined || !(await show(id))) return;
  byId('trial').scrollIntoView();
  byId('trial-title').focus({ preventScroll: true });
}

/** Shows a trial where the reader is: from the list, whose arrow keys go on from trial to trial. */
function turnTo(id: string): void {
  history.replaceState(null, '', trialAddress(id));
  void show(id);
}

/** A trial with a fault tells more than a control. */
const FIRST = Math.max(
  0,
  data.trials.findIndex(({ role, outcome }) => role === 'fault' && outcome === 'completed'),
);

let wanted: string | undefined;

/** Shows a trial, or the first where none has this id. @returns whether there is one, and no other was asked for meanwhile */
async function show(id?: string): Promise<boolean> {
  wanted = id;
  if (data.trials.length === 0) {
    showProblem('No trial of this campaign could be judged.');
    return false;
  }
  const index = id === undefined ? FIRST : data.trials.findIndex((trial) => trial.id === id);
  const note = index < 0 ? `No trial ${id} in this report; the first is shown. ` : '';
  try {
    const story = await storyOf(data, index < 0 ? FIRST : index);
    if (wanted !== id) return false;
    showTrial(data, story, note);
  } catch (error) {
    showProblem(`${note}${error instanceof Error ? error.message : error}`);
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
listTrials(data, turnTo);
redrawOnChange();
addEventListener('hashchange', () => void follow());
addEventListener('DOMContentLoaded', () => {
  if (addressed() === undefined) void show();
  else void follow();
});
