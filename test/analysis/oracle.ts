/**
 * Trials of known harm, judged many times over with the noise that identical systems have, so that it is known how often
 * the judgement sees what is there and sees what is not. Everything follows from one seed.
 */
import { reduceTrial } from '../../analysis/figures.ts';
import { type JudgedTrial, judgeTrials } from '../../analysis/judge.ts';
import type { ReducedTrial } from '../../analysis/references.ts';
import { IMPACTS, type Impact } from '../../analysis/rules.ts';
import type { TrialRecord } from '../../results/schema.ts';
import {
  normal,
  provocationRecord,
  SOUND_LEDGER,
  type Synthetic,
  syntheticBins,
  syntheticRecord,
  uniform,
} from './synthetic.ts';

/** Standard deviations of the figures of identical systems, as shares of their means: twelve fresh starts. */
export const NOISE = { p50: 0.13, p95: 0.12 };
/** Means of the sound system, ms. */
export const SOUND = { p50Ms: 2.8, p95Ms: 6 };

/** What a trial is, beyond being one more of its kind. */
export interface Harm {
  readonly p50Times?: number;
  readonly p95Times?: number;
  /** Share of requests that fail. */
  readonly failing?: number;
  readonly outageS?: number;
  readonly record?: Partial<TrialRecord>;
}

/** How a trial's figures vary where nothing is wrong. */
export interface Noise {
  /** p50 and p95 of one trial: `one` deviation for both, or `two` of their own. Measured ones lie between. */
  readonly deviations: 'one' | 'two';
  /** Latencies are logarithms of a normal, or normal themselves, or one trial in ten is slower by half. */
  readonly shape: 'lognormal' | 'normal' | 'long-tailed';
}

/** Makes trials of one kind, each different. */
export class OracleTrials {
  readonly #z: () => number;
  readonly #u: () => number;
  readonly #noise: Noise;
  #count = 0;

  constructor(seed: number, noise: Noise) {
    this.#z = normal(seed);
    this.#u = uniform(seed + 1);
    this.#noise = noise;
  }

  /** A control; most fail no request, the others a few in a thousand, as controls do. */
  control(record: Partial<TrialRecord> = {}): ReducedTrial {
    return this.#trial('none', { record });
  }

  /** A trial with this harm. */
  faulty(harm: Harm): ReducedTrial {
    return this.#trial('f', harm);
  }

  #trial(fault: string, harm: Harm): ReducedTrial {
    this.#count += 1;
    const [own, other] = [this.#z(), this.#z()];
    const p95Deviation = this.#noise.deviations === 'one' ? own : other;
    const slow = this.#noise.shape === 'long-tailed' && this.#u() < 0.1 ? 1.5 : 1;
    const failing = (harm.failing ?? 0) + (this.#u() < 0.7 ? 0 : 0.004 * this.#u());
    const failed = Math.round(6000 * failing + Math.sqrt(6000 * failing * (1 - failing)) * this.#z());
    return reduced({
      ...{ id: `${fault}-${this.#count}`, approach: 'rolling', fault },
      p50Ms: SOUND.p50Ms * slow * this.#varied(own, NOISE.p50) * (harm.p50Times ?? 1),
      p95Ms: SOUND.p95Ms * slow * this.#varied(p95Deviation, NOISE.p95) * (harm.p95Times ?? 1),
      failedShare: Math.min(1, Math.max(0, failed / 6000)),
      // The edges of an outage are blurred by the requests that were under way.
      outageS:
        harm.outageS === undefined ? 0 : Math.round(10 * (harm.outageS + 0.6 * (this.#u() - 0.5))) / 10,
      ...(harm.record === undefined ? {} : { record: harm.record }),
    });
  }

  #varied(z: number, deviation: number): number {
    return this.#noise.shape === 'normal' ? Math.max(0.3, 1 + deviation * z) : Math.exp(deviation * z);
  }
}

const SOUND_TRIAL = { id: 'sound', approach: 'rolling' };
const SOUND_RECORD = syntheticRecord(SOUND_TRIAL);
const { outageS: SOUND_OUTAGE_S } = reduceTrial(SOUND_RECORD, syntheticBins(SOUND_TRIAL));

/** As `syntheticRecord` has it, but series are made only where an outage must be found in them: thousands are judged. */
function reduced(trial: Synthetic): ReducedTrial {
  if ((trial.outageS ?? 0) > 0) {
    const record = syntheticRecord(trial);
    return { record, figures: reduceTrial(record, syntheticBins(trial)) };
  }
  const { fault, horizon } = SOUND_RECORD;
  const ok = Math.round(6000 * (1 - (trial.failedShare ?? 0)));
  const record: TrialRecord = {
    ...SOUND_RECORD,
    trialId: trial.id,
    fault: { ...fault, name: trial.fault ?? 'none', type: trial.fault === 'none' ? 0 : 1 },
    evidence: [{ fault: trial.fault ?? 'none', verdict: 'found', summary: '', stepIds: [] }],
    horizon:
      horizon === null
        ? null
        : {
            ...horizon,
            ...{ ok, p50Ms: trial.p50Ms ?? null, p95Ms: trial.p95Ms ?? null },
            failed: { 'error-status': horizon.offered - ok },
          },
    ...trial.record,
  };
  return { record, figures: { ...reduceTrial(record, []), outageS: SOUND_OUTAGE_S } };
}

/** How often trials with each harm were labelled with each impact, in so many rounds. */
export interface Labelled {
  readonly rounds: number;
  readonly counts: ReadonlyMap<string, Readonly<Record<Impact, number>>>;
  /** Trials with any label. */
  readonly any: ReadonlyMap<string, number>;
}

/**
 * Every round draws references anew and judges one trial of each harm against them in the fault contrast, so that for each
 * harm the labels of different rounds are independent.
 */
export function labelledOf(
  harms: Readonly<Record<string, Harm>>,
  options: {
    readonly seed: number;
    readonly references: number;
    readonly rounds: number;
    readonly noise: Noise;
    /** What a control shows; called for each. */
    readonly control?: (draw: () => number) => Partial<TrialRecord>;
  },
): Labelled {
  const trials = new OracleTrials(options.seed, options.noise);
  const draw = uniform(options.seed + 2);
  const counts = new Map(
    Object.keys(harms).map((name) => [
      name,
      Object.fromEntries(IMPACTS.map((impact) => [impact, 0])) as Record<Impact, number>,
    ]),
  );
  const any = new Map<string, number>();
  for (let round = 0; round < options.rounds; round += 1) {
    const references = Array.from({ length: options.references }, () =>
      trials.control(options.control?.(draw)),
    );
    const faulty = Object.values(harms).map((harm) => trials.faulty(harm));
    const judged = judgeTrials(faulty, references);
    for (const [index, name] of Object.keys(harms).entries()) {
      const labels = faultLabels(judged[index]);
      const of = counts.get(name);
      if (of !== undefined) for (const impact of labels) of[impact] += 1;
      if (labels.length > 0) any.set(name, (any.get(name) ?? 0) + 1);
    }
  }
  return { rounds: options.rounds, counts, any };
}

function faultLabels(trial: JudgedTrial | undefined): Impact[] {
  return (trial?.labels ?? [])
    .filter(({ contrast, decision }) => contrast === 'fault' && decision.label === 'yes')
    .map(({ impact }) => impact);
}

/** Records in which one thing is known to be wrong. */
export const KNOWN = {
  exposed: {
    probes: [{ name: 'open-ports', taken: true, exposures: ['web tcp/443', 'db tcp/3306'], reason: '' }],
  },
  unsteady: { provocations: [provocationRecord('restart-web', false)] },
  lossy: { ledger: { afterHorizon: SOUND_LEDGER, afterProvocations: { ...SOUND_LEDGER, lost: 1 } } },
} satisfies Record<string, Partial<TrialRecord>>;
