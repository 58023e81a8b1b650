/** The simulations whose rates are asserted and stand in `docs/judgement.md`: one run serves both. */
import type { Impact } from '../../analysis/rules.ts';
import { type Harm, KNOWN, labelledOf, type Noise } from './oracle.ts';
import { provocationRecord, SOUND_LEDGER } from './synthetic.ts';

/** Controls against which trials are judged. */
export const ORACLE_REFERENCES = [5, 10, 20] as const;

const SEED = 20_260_102;
const ROUNDS = 1000;
const ALARM_ROUNDS = 3000;

/** Share of trials in which the unsteady provocation fails without any fault. */
export const UNSTEADY_SHARE = 0.1;

/** How often a known harm got its label. */
export interface OracleHarm {
  readonly name: string;
  readonly impact: Impact;
  readonly harm: Harm;
  /** Of `rounds`, by the number of controls. */
  readonly labelled: ReadonlyMap<number, number>;
}

/** How often a trial in which nothing is wrong got any label. */
export interface OracleAlarms {
  readonly noise: string;
  readonly counts: ReadonlyMap<number, { readonly k: number; readonly n: number }>;
}

export interface Oracle {
  readonly rounds: number;
  readonly harms: readonly OracleHarm[];
  readonly alarms: readonly OracleAlarms[];
}

const LATENCY = 'increased latency';
const THROUGHPUT = 'degraded throughput';

/** One deviation for p50 and p95 is the hardest case for seeing, two are the hardest for not seeing. */
const SEEING: Noise = { deviations: 'one', shape: 'lognormal' };

const HARMS: readonly { readonly name: string; readonly impact: Impact; readonly harm: Harm }[] = [
  { name: 'p95 x 1.25 (borderline)', impact: LATENCY, harm: { p95Times: 1.25 } },
  { name: 'p95 x 1.5', impact: LATENCY, harm: { p95Times: 1.5 } },
  { name: 'p95 x 2', impact: LATENCY, harm: { p95Times: 2 } },
  { name: 'p50 and p95 x 2', impact: LATENCY, harm: { p50Times: 2, p95Times: 2 } },
  { name: 'p95 x 3', impact: LATENCY, harm: { p95Times: 3 } },
  { name: '2 % of requests fail', impact: THROUGHPUT, harm: { failing: 0.02 } },
  { name: '5 % of requests fail (borderline)', impact: THROUGHPUT, harm: { failing: 0.05 } },
  { name: '7 % of requests fail', impact: THROUGHPUT, harm: { failing: 0.07 } },
  { name: '10 % of requests fail', impact: THROUGHPUT, harm: { failing: 0.1 } },
  { name: '2 s without service', impact: 'full outage', harm: { outageS: 2 } },
  { name: '3 s without service (borderline)', impact: 'full outage', harm: { outageS: 3 } },
  { name: '5 s without service', impact: 'full outage', harm: { outageS: 5 } },
  { name: 'one write lost', impact: 'data loss', harm: { record: KNOWN.lossy } },
  { name: 'one port more open', impact: 'security vulnerability', harm: { record: KNOWN.exposed } },
  { name: 'a provocation fails', impact: 'latent error', harm: { record: KNOWN.unsteady } },
  {
    name: '5 s without service, p95 x 3 and a write lost: the latency',
    impact: LATENCY,
    harm: { outageS: 5, p95Times: 3, record: KNOWN.lossy },
  },
];

/** Against controls that show it as well. */
const EXCUSED: typeof HARMS = [
  {
    name: 'one write lost, where controls lose none or one',
    impact: 'data loss',
    harm: { record: KNOWN.lossy },
  },
  {
    name: 'a provocation fails that one trial in ten fails anyway',
    impact: 'latent error',
    harm: { record: KNOWN.unsteady },
  },
];

let known: Oracle | undefined;

/** Runs everything, once for all tests; some eight seconds of a core. */
export function theOracle(): Oracle {
  known ??= runOracle();
  return known;
}

function runOracle(): Oracle {
  return {
    rounds: ROUNDS,
    harms: [
      ...labelled(HARMS, () => ({})),
      ...labelled(EXCUSED, (draw) => {
        const lost = draw() < 0.5 ? 1 : 0;
        const held = draw() >= UNSTEADY_SHARE;
        return {
          ledger: { afterHorizon: SOUND_LEDGER, afterProvocations: { ...SOUND_LEDGER, lost } },
          provocations: [provocationRecord('restart-web', held)],
        };
      }),
    ],
    alarms: [
      alarms('as logarithms of a normal, p50 and p95 apart', { deviations: 'two', shape: 'lognormal' }),
      alarms('as a normal, p50 and p95 apart', { deviations: 'two', shape: 'normal' }),
      alarms('p50 and p95 together', SEEING),
      alarms('one trial in ten is slower by half', { deviations: 'one', shape: 'long-tailed' }),
    ],
  };
}

function labelled(
  harms: typeof HARMS,
  control: NonNullable<Parameters<typeof labelledOf>[1]['control']>,
): OracleHarm[] {
  const named = Object.fromEntries(harms.map(({ name, harm }) => [name, harm]));
  const runs = ORACLE_REFERENCES.map((references) => {
    const options = { seed: SEED + references, references, rounds: ROUNDS, noise: SEEING, control };
    return { references, counts: labelledOf(named, options).counts };
  });
  return harms.map((one) => ({
    ...one,
    labelled: new Map(
      runs.map(({ references, counts }) => [references, counts.get(one.name)?.[one.impact] ?? 0]),
    ),
  }));
}

function alarms(name: string, noise: Noise): OracleAlarms {
  const counts = ORACLE_REFERENCES.map((references) => {
    const options = { seed: SEED - references, references, rounds: ALARM_ROUNDS, noise };
    return [
      references,
      { k: labelledOf({ nothing: {} }, options).any.get('nothing') ?? 0, n: ALARM_ROUNDS },
    ] as const;
  });
  return { noise: name, counts: new Map(counts) };
}
