/** Claims about one approach by itself: what its upgrades without a fault do to users, and how long requests are held. */
import { median } from 'simple-statistics';
import type { TrialRecord } from '../../results/schema.ts';
import { isUndecided, type JudgedTrial } from '../judge.ts';
import { isControl } from '../references.ts';
import { IMPACTS, type Impact } from '../rules.ts';
import { exactIncrease } from '../statistics/exact.ts';
import { exactShare } from '../statistics/share.ts';
import type { Claim } from './claim.ts';
import { CLAIMS_ALPHA, DISTURBED_TOLERANCE, QUIESCENCE_LIMIT_MS } from './rules.ts';

const FELT: readonly Impact[] = ['data loss', 'full outage', 'degraded throughput', 'increased latency'];

/** The live workload is not disrupted by an upgrade in a parallel universe without a fault. */
export function liveWorkload(trials: readonly JudgedTrial[]): Claim {
  const controls = trials.filter(
    ({ record }) => isControl(record) && record.imago !== null && record.outcome === 'completed',
  );
  const disturbed = controls.filter(({ impacts }) => impacts.some((impact) => FELT.includes(impact)));
  const undecided = controls.filter(
    (trial) => !disturbed.includes(trial) && isUndecided(trial, 'user', FELT),
  );
  const felt = FELT.map((impact) => ({
    impact,
    k: controls.filter(({ impacts }) => impacts.includes(impact)).length,
  }));
  return shareClaim({
    name: 'live-workload',
    finding: 'Isolation avoids disrupting the live workload',
    what: 'controls in a parallel universe are labelled in the user contrast',
    ...{ met: disturbed, undecided: undecided.length, of: controls },
    detail: felt.filter(({ k }) => k > 0).map(({ impact, k }) => `${impact} ${k}`),
    wanted: 'controls of it, and five trials without an upgrade',
  });
}

/** Requests are held briefly: the longest quiescence of each upgrade that reached its switch. */
export function quiescence(trials: readonly JudgedTrial[]): Claim {
  const switched = trials.filter(
    ({ record }) => isControl(record) && record.outcome === 'completed' && hasSwitched(record),
  );
  const longest = ({ record }: JudgedTrial) =>
    Math.max(...(record.imago?.quiescences ?? []).map((q) => q.lastedMs));
  const lengths = switched.map(longest);
  const tooLong = switched.filter((trial) => longest(trial) > QUIESCENCE_LIMIT_MS);
  return shareClaim({
    name: 'quiescence',
    finding: `The switch needs a quiescence that users hardly notice (under ${QUIESCENCE_LIMIT_MS} ms)`,
    what: `controls held requests for longer than ${QUIESCENCE_LIMIT_MS} ms`,
    met: tooLong,
    // Held to its limit, or still held, a quiescence was not as long as it would have been.
    undecided: switched.filter((trial) => !tooLong.includes(trial) && !isReleased(trial.record)).length,
    of: switched,
    detail:
      lengths.length === 0
        ? []
        : [
            `median of the longest ${Math.round(median(lengths))} ms, most ${Math.round(Math.max(...lengths))} ms`,
          ],
    wanted: 'controls in a parallel universe',
  });
}

/** Whether requests were held for the switch; those that terminate old connections are held before. */
function hasSwitched({ imago }: TrialRecord): boolean {
  return imago?.quiescences.some(({ phase }) => phase === 'switch') ?? false;
}

function isReleased({ imago }: TrialRecord): boolean {
  return imago?.holding === false && imago.quiescences.every(({ ended }) => ended === 'released');
}

/**
 * Violations of the procedure do the harm: faults with one against controls of the same approach. Where a trial shows no impact and
 * could not be decided in all, a fault counts as harmless and a control as harmed: the claim must hold whatever they were. Of each
 * fault one trial counts, the first: its repetitions say of other faults nothing.
 */
export function violationsTest(trials: readonly JudgedTrial[], approach: string) {
  const own = trials.filter(({ record }) => record.approach === approach && record.outcome === 'completed');
  const harmed = ({ labels }: JudgedTrial) =>
    labels.some(({ contrast, decision }) => contrast === 'fault' && decision.label === 'yes');
  const isOpen = (trial: JudgedTrial) => !harmed(trial) && isUndecided(trial, 'fault', IMPACTS);
  const controls = own.filter(({ record }) => isControl(record));
  const violating = own.filter(
    ({ record, containment }) => containment !== '' && record.fault.violation !== 'none',
  );
  const faulty = [...Map.groupBy(violating, ({ record }) => record.fault.name).values()].flatMap(
    (repetitions) => repetitions.slice(0, 1),
  );
  const counts = {
    controls: { k: controls.filter((trial) => harmed(trial) || isOpen(trial)).length, n: controls.length },
    faulty: { k: faulty.filter(harmed).length, n: faulty.length },
  };
  return {
    ...counts,
    open: { controls: controls.filter(isOpen).length, faulty: faulty.filter(isOpen).length },
    test: exactIncrease([{ base: counts.controls, next: counts.faulty }]),
    byViolation: Map.groupBy(faulty, ({ record }) => record.fault.violation),
    harmed,
    trials: faulty.filter(harmed).map(({ record }) => record.trialId),
  };
}

/** @param p corrected for the family of all tests */
export function decideViolations(
  found: ReturnType<typeof violationsTest>,
  approach: string,
  p: number,
): Claim {
  const { controls, faulty, open, byViolation, harmed, trials } = found;
  const kinds = [...byViolation].sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = kinds.map(([kind, some]) => `${kind} ${some.filter(harmed).length} of ${some.length}`);
  const reproduced = p <= CLAIMS_ALPHA;
  return {
    name: 'procedure-violations',
    finding: 'Upgrades fail because their procedure is violated',
    rule: `faults with a violation, a trial each, are labelled in the fault contrast more often than controls (Fisher, corrected, ${CLAIMS_ALPHA * 100} %); how frequent violations are in the field no campaign can tell`,
    against: approach,
    verdict: reproduced ? 'reproduced' : 'undecided',
    numbers: `${faulty.k} of ${faulty.n} faults with a violation harmed (${open.faulty} undecided, counted as harmless), ${controls.k} of ${controls.n} controls (${open.controls} undecided, counted as harmed); by violation: ${listed.join(', ') || 'none'}`,
    p: controls.n === 0 || faulty.n === 0 ? null : p,
    trials,
    missing: reproduced
      ? ''
      : open.controls > 0
        ? 'controls of this approach that can be decided: six that end in the same state'
        : 'more controls and faults of this approach',
  };
}

/** Trials without an answer are neither with the event nor without it: each verdict must hold whatever they were. */
function shareClaim(about: {
  readonly name: string;
  readonly finding: string;
  readonly what: string;
  readonly met: readonly JudgedTrial[];
  /** How many of the others could not be decided. */
  readonly undecided: number;
  readonly of: readonly JudgedTrial[];
  readonly detail: readonly string[];
  readonly wanted: string;
}): Claim {
  const { k, n, low } = exactShare(about.met.length, about.of.length);
  const { high } = exactShare(about.met.length + about.undecided, about.of.length);
  const tolerance = `${DISTURBED_TOLERANCE * 100} %`;
  const verdict =
    n > 0 && high <= DISTURBED_TOLERANCE
      ? 'reproduced'
      : low > DISTURBED_TOLERANCE
        ? 'contradicted'
        : 'undecided';
  const interval = n === 0 ? '' : ` (${Math.round(low * 100)} to ${Math.round(high * 100)} %)`;
  return {
    ...{ name: about.name, finding: about.finding, against: '', verdict, p: null },
    rule: `the exact 95 % interval of the share lies within ${tolerance} (reproduced) or above it (contradicted)`,
    numbers: [
      `${k} of ${n} ${about.what}${interval}`,
      ...(about.undecided > 0 ? [`${about.undecided} undecided`] : []),
      ...about.detail,
    ].join('; '),
    trials: (verdict === 'reproduced' ? about.of : about.met).map(({ record }) => record.trialId),
    missing: verdict === 'undecided' ? `more ${about.wanted}: with none of them ${leastTrials()} decide` : '',
  };
}

/** Trials without the event from which on the interval lies within the tolerance. */
function leastTrials(): number {
  let n = 1;
  while (exactShare(0, n).high > DISTURBED_TOLERANCE) n += 1;
  return n;
}
