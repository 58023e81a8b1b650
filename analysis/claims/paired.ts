/** Claims that an approach in a parallel universe spares users what an upgrade in place does to them, fault by fault. */
import { ranOutOfTime } from '../containment.ts';
import type { JudgedTrial } from '../judge.ts';
import { IMPACTS, type Impact } from '../rules.ts';
import { type ExactTest, shareExceeds, signTest } from '../statistics/exact.ts';
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
  /** Of the faults that do it in place, more than the tolerance do it in isolation. */
  readonly exceeds: ExactTest;
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

/** One of the impacts is the fault's. It did not happen only where all of them were decided: what nobody could tell is no evidence of absence. */
function impactOf(impacts: readonly Impact[]): Required<Pick<PairedRule, 'event' | 'tells'>> {
  const isOneOf = (impact: Impact) => impacts.includes(impact);
  const event = ({ impactsOfFault }: JudgedTrial) => impactsOfFault.some(isOneOf);
  return { event, tells: (trial) => event(trial) || !trial.impactsUnknown.some(isOneOf) };
}

const REACHED = impactOf(IMPACTS);
const LATENT = impactOf(['latent error']);

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
    // One that was merely not done when the horizon ended left nothing: it was on its way.
    tells: ({ record }) =>
      !ranOutOfTime(record) &&
      record.upgrade.hostReleases !== undefined &&
      record.upgrade.restingHosts !== undefined,
    what: 'left a system of mixed versions',
    tolerance: MIXED_TOLERANCE,
    wanted: 'faults that apply to both approaches',
  },
  {
    name: 'latent-errors',
    finding: 'Atomicity prevents some latent errors',
    event: LATENT.event,
    tells: (trial) => !ranOutOfTime(trial.record) && LATENT.tells(trial),
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
      exceeds: shareExceeds(found.bothAny.length, found.inPlaceAny.length, rule.tolerance),
    };
  });
}

/** @param pOf a test's p value, corrected for the whole family */
export function decidePaired(test: PairedTest, pOf: (test: ExactTest) => number): Claim {
  const [p, reverseP, exceedsP] = [pOf(test.test), pOf(test.reverse), pOf(test.exceeds)];
  const { claim, found, tolerance, wanted } = test;
  const { pairs, inPlaceAny, bothAny } = found;
  const decided = (verdict: Claim['verdict'], value: number, missing = ''): Claim => ({
    ...{ ...claim, verdict, missing },
    p: pairs.length === 0 ? null : value,
  });
  if (reverseP <= CLAIMS_ALPHA) return decided('contradicted', reverseP);
  if (exceedsP <= CLAIMS_ALPHA) return decided('contradicted', exceedsP);
  if (p <= CLAIMS_ALPHA && bothAny.length <= tolerance * inPlaceAny.length) return decided('reproduced', p);
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
      : `, and of the faults that do it in place, at most ${percent(tolerance)} were seen to do it in isolation; contradicted too where more do (exact binomial test, corrected)`;
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
