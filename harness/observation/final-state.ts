/** What the upgrade left behind, decided from what was done and not from what was planned. */
import type { StepOutcome } from '../contract/observation.ts';
import type { Step } from '../contract/step.ts';
import type { Universe } from '../contract/topology.ts';
import { flatten, hostOf, isSwitch } from '../plan/rows.ts';
import type { UpgradeResult } from '../upgrader/protocol.ts';

/** Kinds of steps that change the system. */
const CHANGING: ReadonlySet<string> = new Set(['install', 'write', 'put', 'exec', 'sql', 'convert']);

/** The universe that clients reach: the new one from the redirection on. */
export function servingAfter(upgrade: readonly Step[], timeline: readonly StepOutcome[]): Universe {
  const done = doneOf(timeline);
  return upgrade.some((step) => isSwitch(step) && done.has(step.id)) ? 'new' : 'old';
}

/**
 * The state of the universe that serves. `old`: nothing was changed. `new`: every host that the procedure installs
 * runs the new release and the upgrade went to its end. `mixed`: anything between.
 */
export function finalStateOf(
  upgrade: readonly Step[],
  timeline: readonly StepOutcome[],
  result: UpgradeResult | undefined,
): 'old' | 'new' | 'mixed' {
  const serving = servingAfter(upgrade, timeline);
  const inServing = new Set(
    flatten(upgrade)
      .filter(({ universe }) => universe === serving)
      .map(({ id }) => id),
  );
  const changed = timeline.some(({ stepId, kind }) => inServing.has(stepId) && CHANGING.has(kind));
  if (!changed) return 'old';
  if (result?.outcome !== 'upgraded' && serving === 'old') return 'mixed';
  const ended = doneOf(timeline);
  const installs = upgrade.filter(isInstall);
  return installs.every((step) => step.kind === 'install' && step.release === 'new' && ended.has(step.id))
    ? 'new'
    : 'mixed';
}

/** The release that each host of the serving universe was last installed from; `old` for those that were not installed anew. */
export function releaseAfter(
  upgrade: readonly Step[],
  timeline: readonly StepOutcome[],
): (host: string) => 'old' | 'new' {
  const done = doneOf(timeline);
  const serving = servingAfter(upgrade, timeline);
  const releases = new Map<string, 'old' | 'new'>();
  for (const step of flatten(upgrade)) {
    if (step.kind === 'install' && step.universe === serving && done.has(step.id))
      releases.set(step.host, step.release);
  }
  return (host) => releases.get(host) ?? 'old';
}

/** The release at the end of each host that the procedure installs, as far as it is a host of the universe that serves. */
export function hostReleasesAfter(
  steps: readonly Step[],
  timeline: readonly StepOutcome[],
): Record<string, 'old' | 'new'> {
  const releaseOf = releaseAfter(steps, timeline);
  const installs = flatten(steps).filter(isInstall);
  return Object.fromEntries(installs.map((step) => [hostOf(step), releaseOf(hostOf(step))]));
}

/** Hosts of the universe that serves which were last taken out of rotation and not put back. */
export function restingAfter(steps: readonly Step[], timeline: readonly StepOutcome[]): string[] {
  const serving = servingAfter(steps, timeline);
  const turns = new Map(
    flatten(steps).flatMap((step) =>
      step.kind === 'balancer' && step.universe === serving ? [[step.id, step] as const] : [],
    ),
  );
  const states = new Map<string, 'drain' | 'ready'>();
  for (const { stepId, outcome } of timeline) {
    const turn = turns.get(stepId);
    if (turn !== undefined && outcome === 'done') states.set(turn.host, turn.state);
  }
  return [...states].flatMap(([host, state]) => (state === 'drain' ? [host] : [])).sort();
}

/** Whether the procedure installs a host here, also where that was left out. */
function isInstall(step: Step): boolean {
  return (step.kind === 'omitted' ? step.was : step).kind === 'install';
}

function doneOf(timeline: readonly StepOutcome[]): Set<string> {
  return new Set(timeline.filter(({ outcome }) => outcome === 'done').map(({ stepId }) => stepId));
}
