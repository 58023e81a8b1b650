/** The record of a trial before anything has happened: saved at its start, so that nothing is lost if it never ends. */

import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import type { Interrupt, Plan } from '../contract/plan.ts';
import { interruptText } from '../plan/interrupts.ts';
import { planRows } from '../plan/rows.ts';
import type { ClockReading } from './clock.ts';

/** The unsealed record of a trial that has just begun. */
export function draftRecord(trialId: string, campaign: string, plan: Plan, start: ClockReading): TrialRecord {
  return {
    schemaVersion: SCHEMA_VERSION,
    sealed: false,
    trialId,
    campaign,
    scenario: plan.scenario,
    approach: plan.approach,
    fault: plan.fault,
    reach: plan.reach,
    target: plan.target,
    seed: plan.seed,
    hosts: plan.size.hosts,
    scale: plan.size.scale,
    windows: plan.windows,
    gates: plan.gates,
    hardware: plan.hardware,
    ingress: plan.ingress,
    mirroring: plan.mirroring,
    schemaPolicy: plan.schemaPolicy,
    engine: plan.engine,
    onFailure: plan.onFailure,
    ratePerSecond: plan.ratePerSecond,
    interrupts: plan.interrupts.map(interruptDraft),
    disturbance: disturbanceDraft(plan),
    outcome: 'harness-failed',
    outcomeReason: 'the trial has not ended',
    evidence: [],
    shams: [],
    upgrade: { outcome: 'none', finalState: 'old', gate: '', startMs: 0, endMs: 0 },
    imago: null,
    leased: null,
    clock: { start, end: null },
    timings: { wallS: 0, provisionS: 0, settleS: 0, teardownS: 0 },
    horizon: null,
    ledger: null,
    probes: [],
    provocationSet: plan.provocationSet,
    provocations: [],
    machine: null,
    versions: {},
    plan: planRows(plan.upgrade),
  };
}

/** A kill that was asked for, before it is done. */
function interruptDraft(interrupt: Interrupt): TrialRecord['interrupts'][number] {
  return {
    asked: interruptText(interrupt),
    atMs: 0,
    killed: 0,
    during: '',
    note: 'the trial did not come to it',
  };
}

/** What is to be done to users on purpose, before it is. */
function disturbanceDraft({ disturbance }: Plan): TrialRecord['disturbance'] {
  if (disturbance === undefined) return null;
  const { kind, size, forS } = disturbance;
  return { kind, size, atMs: null, forS, counted: null };
}
