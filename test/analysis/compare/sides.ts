/** Campaigns of known content as they are compared, without a folder. */
import { reduceTrial } from '../../../analysis/figures.ts';
import { gateChecks } from '../../../analysis/gates/checks.ts';
import { type Judgement, judgeTrials } from '../../../analysis/judge.ts';
import type { TrialEvent, TrialRecord } from '../../../results/schema.ts';
import {
  HORIZON_S,
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
        trialId,
        approach,
        seed,
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
 * A campaign of one build, with everything that makes two of them differ: a machine that is slower on some days, so that all
 * outages and upgrades pass a bound together, or busy; latencies with a long tail, faults at the edge of every label, gates
 * that catch now and then, harm of a known size that is now and then not noticed, trials that are lost.
 */
export function campaignOf(build: Build, seed: number): Synthetic[] {
  const draw = uniform(seed);
  const z = normal(seed + 1);
  const machine = Math.exp(0.15 * z());
  const busy = 0.78 * Math.exp(0.12 * z());
  const onTheDay = (spread: number) => machine * Math.exp(spread * z());
  const latencies = (factor: number) => {
    const outlier = draw() < 0.05 ? 2 : 1;
    return { p50Ms: 2.8 * factor * onTheDay(0.08), p95Ms: 8 * factor * outlier * onTheDay(0.15) };
  };
  const use = (): Synthetic['record'] => ({
    machine: {
      cpuPressureShare: 0.05,
      cpuBusyShare: Math.min(1, busy * Math.exp(0.03 * z())),
      lateStarts: 0,
      throttledShare: { ingress: 0 },
      cpuSeconds: {},
      supervisorPeakRssMb: 180,
    },
  });
  /** What takes time takes more of it on a slow day, though not all of it. */
  const costs = (approach: string): Synthetic['record'] => {
    if (approach !== 'imago') return {};
    const slower = () => machine ** draw() * Math.exp(0.05 * z());
    const quiescences = SOUND_IMAGO.quiescences.map((one) => ({ ...one, lastedMs: 60 * slower() }));
    return {
      imago: { ...SOUND_IMAGO, quiescences },
      leased: { ...SOUND_LEASE, cpuSeconds: 13 * slower() },
    };
  };
  /** Imago's upgrades have little to spare in the horizon, whether they are stopped or not. */
  const upgrade = (approach: string, isStopped: boolean): Synthetic['record'] => {
    if (approach === 'none') return {};
    const lastedS = (approach === 'imago' ? 36 : 18) * onTheDay(0.05);
    return { upgrade: lastedS < HORIZON_S ? endedAfter(lastedS, isStopped) : STUCK };
  };
  const trials: Synthetic[] = [];
  for (const approach of ['none', 'rolling', 'imago']) {
    for (let index = 1; index <= build.controls; index += 1) {
      const isStopped = draw() > 0.9;
      trials.push({
        id: `${approach}-control-${index}`,
        approach,
        ...latencies(approach === 'none' ? 1 : 1.4),
        record: { ...use(), ...costs(approach), ...upgrade(approach, isStopped), ...lostOr(draw) },
      });
    }
    if (approach === 'none') {
      trials.push(...harmed(build.controls, () => ({ ...latencies(1), outageS: 2.8 + 0.2 * draw() })));
      continue;
    }
    for (let fault = 1; fault <= build.faults; fault += 1) {
      // From harmless to certain: each fault has its own chance of each kind of harm, the same for every campaign.
      const chance = fault / (build.faults + 1);
      for (let index = 1; index <= build.reps; index += 1) {
        const caught = draw() < chance;
        trials.push({
          id: `${approach}-f${fault}-${index}`,
          approach,
          fault: `f${fault}`,
          ...latencies(1 + 2 * chance),
          ...(draw() < chance ? { outageS: 3 * onTheDay(0.03) } : {}),
          failedShare: draw() < chance / 2 ? 0.08 : 0,
          record: { ...use(), ...upgrade(approach, caught), ...lostOr(draw) },
        });
      }
    }
  }
  return trials;
}

function lostOr(draw: () => number): Synthetic['record'] {
  const drawn = draw();
  if (drawn < 0.04) return { outcome: 'harness-failed', outcomeReason: 'lost' };
  return drawn < 0.06 ? { outcome: 'not-injected', outcomeReason: 'no evidence' } : {};
}

/** Positive controls of an outage of 3 s, and what users felt of it. */
export function harmed(count: number, felt: () => Partial<Synthetic>): Synthetic[] {
  const disturbance = { kind: 'outage', size: 3, atMs: 20_000, forS: 3, counted: null } as const;
  return Array.from({ length: count }, (_, index) => ({
    id: `none-positive-${index + 1}`,
    approach: 'none',
    fault: 'positive@outage:3s',
    type: 5,
    ...felt(),
    record: { disturbance, plan: [] },
  }));
}

function endedAfter(seconds: number, isStopped: boolean): TrialRecord['upgrade'] {
  const times = { startMs: 16_000, endMs: 16_000 + 1_000 * seconds };
  return isStopped
    ? { outcome: 'stopped', finalState: 'old', gate: 'health', ...times }
    : { outcome: 'upgraded', finalState: 'new', gate: '', ...times };
}

/** An upgrade that was under way when the horizon was over. */
export const STUCK: TrialRecord['upgrade'] = {
  outcome: 'stuck',
  finalState: 'mixed',
  gate: 'horizon',
  startMs: 16_000,
  endMs: 16_000 + 1_000 * HORIZON_S,
};

/** An upgrade that a gate stopped. */
export function stoppedBy(gate: string, finalState: 'old' | 'mixed'): NonNullable<Synthetic['record']> {
  return {
    upgrade: { outcome: 'stopped', finalState, gate, startMs: 16_000, endMs: 30_000 },
  };
}
