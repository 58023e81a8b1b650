/** Claims that an approach in a parallel universe spares users what an upgrade in place does to them, fault by fault. */
import { isUndecided, type JudgedTrial } from '../judge.ts';
import { IMPACTS, type Impact } from '../rules.ts';
import { type ExactTest, signTest } from '../statistics/exact.ts';
import { exactShare, intervalText, percent } from '../statistics/share.ts';
import type { Claim } from './claim.ts';
import { type Discordance, discordance, type Pair, pairsOf, trialsOf } from './pairs.ts';
import {
  CLAIMS_ALPHA,
  LEAST_DISCORDANT,
  MIXED_TOLERANCE,
  PREVENTED_TOLERANCE,
  SOME_TOLERANCE,
} from './rules.ts';

/** A paired claim before the family of all of them is corrected. */
export interface PairedTest {
  readonly claim: Omit<Claim, 'verdict' | 'p' | 'missing'>;
  readonly found: Discordance;
  readonly tolerance: number;
  /** One-sided sign tests: rarer in isolation; more frequent in isolation. */
  readonly test: ExactTest;
  readonly reverse: ExactTest;
  /** What a campaign must hold for the claim to be tested at all. */
  readonly wanted: string;
}

interface PairedRule {
  readonly name: string;
  readonly finding: string;
  readonly event: (trial: JudgedTrial) => boolean;
  /** Whether a trial tells if it happened; absent where every judged one does. */
  readonly tells?: (trial: JudgedTrial) => boolean;
  readonly what: string;
  readonly tolerance: number;
  readonly of?: (pair: Pair) => boolean;
  /** Restricts both approaches to the trials with these gates. */
  readonly gates?: readonly string[];
  readonly wanted: string;
}

const DISRUPTING: readonly Impact[] = ['data loss', 'full outage', 'degraded throughput'];

/** The fault reached users. It did not only where every impact was decided: what nobody could tell is no evidence of absence. */
const REACHED = {
  event: (trial: JudgedTrial) => trial.containment === 'reached-users',
  tells: (trial: JudgedTrial) =>
    trial.containment === 'reached-users' || !isUndecided(trial, 'user', IMPACTS),
};

/** One of the impacts is the fault's. It did not happen only where all of them were decided. */
function impactOf(impacts: readonly Impact[]): Pick<PairedRule, 'event' | 'tells'> {
  const event = (trial: JudgedTrial) => trial.impactsOfFault.some((impact) => impacts.includes(impact));
  return { event, tells: (trial) => event(trial) || !isUndecided(trial, 'user', impacts) };
}

/** Hosts of both releases serve at the end; one that was taken out of rotation does not. */
function isMixed({ record: { upgrade, imago } }: JudgedTrial): boolean {
  const serving = Object.entries(upgrade.hostReleases ?? {}).filter(
    ([host]) => !upgrade.restingHosts?.includes(host),
  );
  return new Set(serving.map(([, release]) => release)).size > 1 || imago?.reach === 'neither';
}

const RULES: readonly PairedRule[] = [
  {
    name: 'isolation',
    finding: 'Isolation prevents breaking hidden dependencies',
    ...REACHED,
    what: 'reached users',
    tolerance: PREVENTED_TOLERANCE,
    wanted: 'faults that apply to both approaches',
  },
  {
    name: 'isolation-not-gates',
    finding: 'Isolation, not more tests, prevents breaking hidden dependencies (gates ablation)',
    ...REACHED,
    what: 'reached users',
    tolerance: PREVENTED_TOLERANCE,
    gates: ['same', 'none'],
    wanted: 'faults under both approaches with --gates same or --gates none',
  },
  {
    name: 'single-point-of-failure',
    finding: 'Isolation eliminates single points of failure, such as the database for faults of type 4',
    ...impactOf(DISRUPTING),
    what: 'cost users data or service',
    tolerance: PREVENTED_TOLERANCE,
    of: ({ type }) => type === 4,
    wanted: 'faults of type 4 under both approaches',
  },
  {
    name: 'mixed-versions',
    finding: 'Atomicity avoids states with mixed versions',
    event: isMixed,
    tells: ({ record: { upgrade } }) =>
      upgrade.hostReleases !== undefined && upgrade.restingHosts !== undefined,
    what: 'left a system of mixed versions',
    tolerance: MIXED_TOLERANCE,
    wanted: 'faults that apply to both approaches',
  },
  {
    name: 'latent-errors',
    finding: 'Atomicity prevents some latent errors',
    ...impactOf(['latent error']),
    what: 'left a latent error',
    tolerance: SOME_TOLERANCE,
    wanted: 'faults that apply to both approaches, with provocations',
  },
];

/** Tests of every paired claim against one approach in place. */
export function pairedTests(trials: readonly JudgedTrial[], inPlace: string): PairedTest[] {
  return RULES.map((rule) => {
    const admitted = trials.filter(({ record }) => rule.gates?.includes(record.gates) ?? true);
    const pairs = pairsOf(admitted, inPlace, rule.tells).filter((pair) => rule.of?.(pair) ?? true);
    const found = discordance(pairs, rule.event);
    const { moreInPlace, moreIsolated } = found;
    const discordant = moreInPlace.length + moreIsolated.length;
    return {
      claim: {
        ...{ name: rule.name, finding: rule.finding, against: inPlace },
        rule: ruleText(rule.tolerance),
        numbers: numbersText(found, rule.what, inPlace),
        trials: trialsOf([...moreInPlace, ...moreIsolated]),
      },
      ...{ found, tolerance: rule.tolerance, wanted: rule.wanted },
      test: signTest(moreInPlace.length, discordant),
      reverse: signTest(moreIsolated.length, discordant),
    };
  });
}

/** @param p of rarer in isolation, and @param reverseP of more frequent, both corrected for the whole family */
export function decidePaired(test: PairedTest, p: number, reverseP: number): Claim {
  const { claim, found, tolerance, wanted } = test;
  const { pairs, inPlaceAny, bothAny } = found;
  const still = exactShare(bothAny.length, inPlaceAny.length);
  const decided = (verdict: Claim['verdict'], value: number, missing = ''): Claim => ({
    ...{ ...claim, verdict, missing },
    p: pairs.length === 0 ? null : value,
  });
  if (reverseP <= CLAIMS_ALPHA) return decided('contradicted', reverseP);
  if (inPlaceAny.length > 0 && still.low > tolerance) return decided('contradicted', p);
  if (p <= CLAIMS_ALPHA && still.k <= tolerance * still.n) return decided('reproduced', p);
  if (pairs.length === 0) return decided('undecided', p, `no pair: ${wanted}`);
  if (p <= CLAIMS_ALPHA)
    return decided(
      'undecided',
      p,
      `rarer, but not within the tolerance of ${percent(tolerance)}: more pairs decide`,
    );
  const discordant = found.moreInPlace.length + found.moreIsolated.length;
  return decided(
    'undecided',
    p,
    `${discordant} faults tell the approaches apart; ${LEAST_DISCORDANT} or more, nearly all in one direction, are wanted: ${wanted}`,
  );
}

function ruleText(tolerance: number): string {
  const share =
    tolerance === 1
      ? ''
      : `, and at most ${percent(tolerance)} of the faults that do it in place do it in isolation`;
  return `fewer faults in isolation than in place (exact sign test over faults, corrected, ${percent(CLAIMS_ALPHA)})${share}`;
}

function numbersText(
  { pairs, inPlaceAny, bothAny, moreInPlace, moreIsolated }: Discordance,
  what: string,
  inPlace: string,
): string {
  const still = exactShare(bothAny.length, inPlaceAny.length);
  return `of ${pairs.length} faults met by both, ${inPlaceAny.length} ${what} under ${inPlace}, and of those ${bothAny.length} in isolation${intervalText(still)}; more often in place: ${moreInPlace.length}, more often in isolation: ${moreIsolated.length}`;
}
