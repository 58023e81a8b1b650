/** What the upgrade left behind, decided from what was done and not from what was planned. */
import type { StepOutcome } from '../contract/observation.ts';
import type { Step } from '../contract/step.ts';
import type { UpgradeResult } from '../upgrader/protocol.ts';

/** Kinds of steps that change the system. */
const CHANGING: ReadonlySet<string> = new Set(['install', 'write', 'put', 'exec', 'sql', 'convert']);

/**
 * `old`: nothing was changed. `new`: every host that the procedure installs runs the new release and the
 * upgrade went to its end. `mixed`: anything between.
 */
export function finalStateOf(
  upgrade: readonly Step[],
  timeline: readonly StepOutcome[],
  result: UpgradeResult | undefined,
): 'old' | 'new' | 'mixed' {
  const done = timeline.filter(({ outcome }) => outcome === 'done');
  if (!timeline.some(({ kind, outcome }) => CHANGING.has(kind) && outcome !== 'skipped')) return 'old';
  if (result?.outcome !== 'upgraded') return 'mixed';
  const ended = new Set(done.map(({ stepId }) => stepId));
  const installs = upgrade.filter(
    (step) => step.kind === 'install' || (step.kind === 'omitted' && step.was.kind === 'install'),
  );
  return installs.every((step) => step.kind === 'install' && ended.has(step.id)) ? 'new' : 'mixed';
}

/** The release that each host was last installed from; `old` for those that were not installed anew. */
export function releaseAfter(
  upgrade: readonly Step[],
  timeline: readonly StepOutcome[],
): (host: string) => 'old' | 'new' {
  const done = new Set(timeline.filter(({ outcome }) => outcome === 'done').map(({ stepId }) => stepId));
  const releases = new Map<string, 'old' | 'new'>();
  for (const step of upgrade) {
    if (step.kind === 'install' && done.has(step.id)) releases.set(step.host, step.release);
  }
  return (host) => releases.get(host) ?? 'old';
}
