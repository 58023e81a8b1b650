/** Campaigns of known content as they are compared, without a folder. */
import { reduceTrial } from '../../../analysis/figures.ts';
import { gateChecks } from '../../../analysis/gates/checks.ts';
import { type Judgement, judgeTrials } from '../../../analysis/judge.ts';
import type { TrialEvent } from '../../../results/schema.ts';
import {
  normal,
  SOUND_IMAGO,
  SOUND_LEASE,
  type Synthetic,
  syntheticBins,
  syntheticRecord,
  uniform,
} from '../synthetic.ts';

/** A campaign of these trials, as if it had been read. @param eventsOf timelines of trials whose gates matter */
export function sideOf(
  trials: readonly Synthetic[],
  eventsOf: (trial: Synthetic) => readonly TrialEvent[] = () => [],
): Judgement {
  const records = trials.map(syntheticRecord);
  const reduced = records.map((record, index) => {
    const trial = trials[index];
    return { record, figures: reduceTrial(record, trial === undefined ? [] : syntheticBins(trial)) };
  });
  const gates = new Map(
    trials.map((trial, index) => {
      const record = records[index];
      return [trial.id, record === undefined ? [] : gateChecks(record, eventsOf(trial))] as const;
    }),
  );
  return {
    campaign: {
      schemaVersion: 1,
      campaign: 'synthetic',
      startedAt: '2026-01-02T03:04:05.000Z',
      seed: 1,
      request: {},
      schedule: records.map(({ trialId, approach, fault, seed }) => ({
        ...{ trialId, approach, seed },
        fault: fault.name,
      })),
      environment: { kernel: 'synthetic' },
    },
    trials: judgeTrials(reduced),
    left: { interrupted: [], damaged: [], missing: [] },
    gates,
  };
}

/** How often things happen in a build's trials; the same for every campaign of it. */
export interface Build {
  readonly controls: number;
  readonly reps: number;
  readonly faults: number;
}

/**
 * A campaign of one build, with everything that makes two of them differ: a machine that is slower on some days,
 * latencies with a long tail, faults at the edge of every label, gates that catch now and then, trials that are lost.
 */
export function campaignOf(build: Build, seed: number): Synthetic[] {
  const draw = uniform(seed);
  const z = normal(seed + 1);
  const machine = Math.exp(0.15 * z());
  const latencies = (factor: number) => {
    const outlier = draw() < 0.05 ? 2 : 1;
    return {
      p50Ms: 2.8 * machine * factor * Math.exp(0.08 * z()),
      p95Ms: 8 * machine * factor * outlier * Math.exp(0.15 * z()),
    };
  };
  /** What takes time takes more of it on a slow day, though not all of it. */
  const costs = (approach: string): Synthetic['record'] => {
    if (approach === 'none') return {};
    const slower = () => machine ** draw() * Math.exp(0.05 * z());
    const upgrade = { outcome: 'upgraded', finalState: 'new', gate: '', startMs: 16_000 } as const;
    const quiescences = SOUND_IMAGO.quiescences.map((one) => ({ ...one, lastedMs: 60 * slower() }));
    return {
      upgrade: { ...upgrade, endMs: 16_000 + 18_000 * slower() },
      ...(approach === 'imago'
        ? {
            imago: { ...SOUND_IMAGO, quiescences },
            leased: { ...SOUND_LEASE, cpuSeconds: 13 * slower() },
          }
        : {}),
    };
  };
  const trials: Synthetic[] = [];
  for (const approach of ['none', 'rolling', 'imago']) {
    for (let index = 1; index <= build.controls; index += 1) {
      const ends = approach === 'none' || draw() < 0.9;
      trials.push({
        id: `${approach}-control-${index}`,
        ...{ approach, ...latencies(approach === 'none' ? 1 : 1.4) },
        record: {
          ...costs(approach),
          ...lostOr(draw),
          ...(ends ? {} : stoppedBy('health', 'old')),
        },
      });
    }
    if (approach === 'none') continue;
    for (let fault = 1; fault <= build.faults; fault += 1) {
      // From harmless to certain: each fault has its own chance of each kind of harm, the same for every campaign.
      const chance = fault / (build.faults + 1);
      for (let index = 1; index <= build.reps; index += 1) {
        const caught = draw() < chance;
        trials.push({
          id: `${approach}-f${fault}-${index}`,
          ...{ approach, fault: `f${fault}`, ...latencies(1 + 2 * chance) },
          ...(draw() < chance ? { outageS: 4 } : {}),
          failedShare: draw() < chance / 2 ? 0.08 : 0,
          record: { ...lostOr(draw), ...(caught ? stoppedBy('health', 'old') : {}) },
        });
      }
    }
  }
  return trials;
}

function lostOr(draw: () => number): Synthetic['record'] {
  return draw() < 0.04 ? { outcome: 'harness-failed', outcomeReason: 'lost' } : {};
}

/** An upgrade that a gate stopped. */
export function stoppedBy(gate: string, finalState: 'old' | 'mixed'): NonNullable<Synthetic['record']> {
  return {
    upgrade: { outcome: 'stopped', finalState, gate, startMs: 16_000, endMs: 30_000 },
  };
}
