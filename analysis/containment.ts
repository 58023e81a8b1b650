/** How far a fault got. */
import type { Decision } from './impact/decision.ts';
import type { ImpactLabel } from './judge.ts';
import { plantsFault, type ReducedTrial, type References } from './references.ts';
import { type Contrast, IMPACTS, type Impact, type Label, WORK_SHARE_LEFT } from './rules.ts';

/** An impact on users that is there or may be, and whose it is. One that may be there is `unknown`, unless the fault adds nothing. */
export interface Attribution {
  readonly impact: Impact;
  readonly whose: 'fault' | 'approach' | 'unknown';
}

/** What controls of a trial's procedure show of it where none ended as the trial did. */
export interface Procedure {
  /** Decides an impact against them, in whatever state they ended. */
  readonly onTheWay: (impact: Impact) => Decision;
  /** Whether there are enough of them to say that the procedure by itself does not end so. */
  readonly endsOtherwise: () => boolean;
}

/** Impacts that a procedure itself brings on its way, whatever state it ends in. The others are those of a state. */
const ON_THE_WAY: ReadonlySet<Impact> = new Set([
  'data loss',
  'full outage',
  'degraded throughput',
  'increased latency',
]);

/**
 * First that holds: `inapplicable`; `not-reached`; `reached-users`, an impact on users that is the fault's; `unfinished`, the
 * horizon ended before the upgrade did; `undecided`, an impact on users of which it could not be decided whether it is there, or
 * whose it is; `stopped-by:GATE`; `discarded`, its parallel universe never served; `redundancy`, the faulty host's share
 * of its tier's work was taken over by the others; `not-activated`. Empty for controls of either kind and for trials that say nothing (`not-injected`, `harness-failed`).
 *
 * A fault whose parallel universe never served could reach users only through what both universes share. There an impact
 * must be seen to be one: what could not be decided does not take back that no user was ever sent to it.
 * @param attributions what `attributionsOf` says of the trial
 */
export function containmentOf(
  trial: ReducedTrial,
  labels: readonly ImpactLabel[],
  controls: References,
  attributions: readonly Attribution[],
): string {
  const { record } = trial;
  if (record.outcome === 'not-applicable') return 'inapplicable';
  if (record.outcome === 'not-reached') return 'not-reached';
  if (record.outcome !== 'completed' || !plantsFault(record)) return '';
  const apart = isApart(trial);
  if (attributions.some(({ whose }) => whose === 'fault')) return 'reached-users';
  if (ranOutOfTime(record)) return 'unfinished';
  const unknown = attributions.filter(({ whose }) => whose === 'unknown');
  if (unknown.some(({ impact }) => !apart || labelOf(labels, 'user', impact) === 'yes')) return 'undecided';
  const gate = stoppingGate(record);
  if (gate !== '') return `stopped-by:${gate}`;
  if (apart) return 'discarded';
  return stoodIn(trial, controls) ? 'redundancy' : 'not-activated';
}

/** Whether the horizon ended before the upgrade did. One that is stuck at another gate was stopped, and its way back failed. */
export function ranOutOfTime({ upgrade: { outcome, gate } }: ReducedTrial['record']): boolean {
  return outcome === 'stuck' && gate === 'horizon';
}

/** The gate or step that stopped an upgrade; empty where none did: the horizon stops an observation and no upgrade. */
export function stoppingGate(record: ReducedTrial['record']): string {
  const { outcome, gate } = record.upgrade;
  const isStopped = ['stopped', 'rolled-back', 'stuck'].includes(outcome) && !ranOutOfTime(record);
  return isStopped ? gate : '';
}

/**
 * Whose the impacts on users are that are there or may be, most severe first; none where the trial says nothing of users. Where no
 * control ended as the trial did, controls of the procedure that ended otherwise tell what the procedure does to users on its
 * way. An impact of a state in which no sound upgrade of the procedure ends is the fault's, which brought the system there. Where
 * controls are too few to say either, or the upgrade was merely not done when the horizon ended, nobody knows.
 */
export function attributionsOf(
  { record }: ReducedTrial,
  labels: readonly ImpactLabel[],
  procedure: Procedure,
): Attribution[] {
  if (record.outcome !== 'completed' || !plantsFault(record)) return [];
  return IMPACTS.flatMap((impact): Attribution[] => {
    const user = labelOf(labels, 'user', impact);
    if (user === 'no') return [];
    const own = labelOf(labels, 'fault', impact);
    const isOnTheWay = ON_THE_WAY.has(impact);
    const added = own === 'inconclusive' && isOnTheWay ? procedure.onTheWay(impact).label : own;
    if (added === 'no') return [{ impact, whose: 'approach' }];
    if (user === 'inconclusive') return [{ impact, whose: 'unknown' }];
    const byItsState = !isOnTheWay && procedure.endsOtherwise() && !ranOutOfTime(record);
    return [{ impact, whose: added === 'yes' || byItsState ? 'fault' : 'unknown' }];
  });
}

/** What was decided of one impact; `inconclusive` where nothing was. */
export function labelOf(labels: readonly ImpactLabel[], contrast: Contrast, impact: Impact): Label {
  const found = labels.find((label) => label.contrast === contrast && label.impact === impact);
  return found?.decision.label ?? 'inconclusive';
}

/** Whether every step that the fault touched acted on a parallel universe that never served. */
export function isApart({ record }: ReducedTrial): boolean {
  const edited = record.plan.filter((row) => row.edit !== '');
  return (
    record.imago !== null &&
    record.upgrade.finalState === 'old' &&
    (record.imago.reach ?? 'old') === 'old' &&
    edited.length > 0 &&
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
