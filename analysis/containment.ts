/** How far a fault got. */
import type { ImpactLabel } from './judge.ts';
import type { ReducedTrial, References } from './references.ts';
import { WORK_SHARE_LEFT } from './rules.ts';

/**
 * First that holds: `inapplicable`; `not-reached`; `reached-users`, an impact on users that the fault contrast does not
 * deny; `undecided`, an impact on users that could not be decided; `stopped-by:GATE`; `redundancy`, the faulty host's
 * share of its tier's work was taken over by the others; `not-activated`. A fault in a parallel universe that never served is `discarded`. Empty for controls and for trials that
 * say nothing (`not-injected`, `harness-failed`).
 */
export function containmentOf(
  trial: ReducedTrial,
  labels: readonly ImpactLabel[],
  controls: References,
): string {
  const { record } = trial;
  if (record.outcome === 'not-applicable') return 'inapplicable';
  if (record.outcome === 'not-reached') return 'not-reached';
  if (record.outcome !== 'completed' || record.fault.type === 0) return '';
  const user = labels.filter((label) => label.contrast === 'user');
  const denied = new Set(
    labels.filter((l) => l.contrast === 'fault' && l.decision.label === 'no').map((l) => l.impact),
  );
  if (user.some((l) => l.decision.label === 'yes' && !denied.has(l.impact))) return 'reached-users';
  if (user.some((l) => l.decision.label === 'inconclusive')) return 'undecided';
  const stopped = record.upgrade.outcome === 'stopped' || record.upgrade.outcome === 'rolled-back';
  if (stopped && record.upgrade.gate !== '') return `stopped-by:${record.upgrade.gate}`;
  // Its universe was still apart when the trial ended: users were never sent there.
  if (isApart(trial)) return 'discarded';
  return stoodIn(trial, controls) ? 'redundancy' : 'not-activated';
}

/** Whether every step that the fault touched acted on a parallel universe that never served. */
function isApart({ record }: ReducedTrial): boolean {
  const edited = record.plan.filter((row) => row.edit !== '');
  return (
    record.imago !== null &&
    record.upgrade.finalState === 'old' &&
    edited.every((row) => row.universe === 'new')
  );
}

/**
 * Whether the other hosts of its tier did the work of a faulty one. Asked only where the fault touched some and not
 * all hosts of one tier; decided by CPU time, the one trace of work that every host leaves.
 */
function stoodIn(trial: ReducedTrial, controls: References): boolean {
  const faulty = new Set(
    trial.record.plan
      .filter((row) => row.edit !== '' && row.host !== '')
      .map((row) => (row.universe === 'new' ? `new/${row.host}` : row.host)),
  );
  const tiers = new Set([...faulty].map(tierOf));
  const [tier] = tiers;
  if (tier === undefined || tiers.size > 1) return false;
  const usual = mean(
    controls.trials.map((control) => workShare(control, tier, faulty)).filter((share) => share !== null),
  );
  const seen = workShare(trial, tier, faulty);
  return usual !== null && seen !== null && seen < 1 && seen <= WORK_SHARE_LEFT * usual;
}

/** `web1` -> `web`; a parallel universe's `new/web1` -> `new/web`. */
function tierOf(host: string): string {
  return host.replace(/\d+$/, '');
}

/** Part of a tier's CPU time that some of its hosts used; null where they are the whole tier or it is unknown. */
function workShare(trial: ReducedTrial, tier: string, hosts: ReadonlySet<string>): number | null {
  const seconds = Object.entries(trial.record.machine?.cpuSeconds ?? {}).filter(
    ([host]) => tierOf(host) === tier,
  );
  const all = seconds.reduce((sum, [, used]) => sum + used, 0);
  const some = seconds.filter(([host]) => hosts.has(host));
  if (all === 0 || some.length === 0 || some.length === seconds.length) return null;
  return some.reduce((sum, [, used]) => sum + used, 0) / all;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
