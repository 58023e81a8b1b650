/** Decides the impacts of every trial of a campaign from its record alone, so that it can be decided again. */

import { RecordError } from '../results/errors.ts';
import type { CampaignRecord, TrialRecord } from '../results/schema.ts';
import { readSeries } from '../results/series.ts';
import type { CampaignStore, CampaignTrials } from '../results/store.ts';
import { attributionsOf, containmentOf } from './containment.ts';
import { reduceTrial } from './figures.ts';
import { type GateCheck, gateChecks, isGateChecked } from './gates/checks.ts';
import { judgeDataLoss } from './impact/data-loss.ts';
import { type Decision, inconclusive } from './impact/decision.ts';
import { judgeLatentError } from './impact/latent-error.ts';
import { judgeOutage } from './impact/outage.ts';
import { judgeLatency, judgeThroughput } from './impact/performance.ts';
import { judgeVulnerability } from './impact/vulnerability.ts';
import { ControlPool, isControl, type ReducedTrial, type References } from './references.ts';
import { CONTRASTS, type Contrast, IMPACTS, type Impact } from './rules.ts';

/** One row of `impacts.csv`. */
export interface ImpactLabel {
  readonly impact: Impact;
  readonly contrast: Contrast;
  readonly decision: Decision;
}

/** A trial with everything that was concluded of it. */
export interface JudgedTrial extends ReducedTrial {
  /** Every impact in both contrasts, in the order of `IMPACTS` and `CONTRASTS`. */
  readonly labels: readonly ImpactLabel[];
  readonly containment: string;
  /** Impacts on users, most severe first. */
  readonly impacts: readonly Impact[];
  /** Those of them that are the fault's. */
  readonly impactsOfFault: readonly Impact[];
  /** Impacts of which nobody knows whether the fault had them on users: not decided, or nobody can tell whose they are. */
  readonly impactsUnknown: readonly Impact[];
  /** The most severe impact on users; `none`, `inconclusive`, or empty where the trial says nothing of users. */
  readonly primaryImpact: Impact | 'none' | 'inconclusive' | '';
}

/** A campaign as judged. */
export interface Judgement {
  readonly campaign: CampaignRecord;
  /** In the order of the ids. */
  readonly trials: readonly JudgedTrial[];
  /** What the gates said, by trial; of those whose upgrade ran and whose record says which steps are gates. */
  readonly gates: ReadonlyMap<string, readonly GateCheck[]>;
  /** What could not be judged, and why. */
  readonly left: Pick<CampaignTrials, 'interrupted' | 'damaged' | 'missing'>;
}

/** Reads a campaign and judges every sealed trial of which nothing is damaged. */
export async function judgeCampaign(store: CampaignStore): Promise<Judgement> {
  const { sealed, interrupted, damaged, missing } = await store.trials();
  const reduced: ReducedTrial[] = [];
  const gates = new Map<string, readonly GateCheck[]>();
  const left = { interrupted, damaged: [...damaged], missing };
  for (const record of sealed) {
    try {
      const { bins, events, requests } = await readSeries(store.trialFolder(record.trialId), record);
      if (isGateChecked(record)) gates.set(record.trialId, gateChecks(record, events));
      reduced.push({ record, figures: reduceTrial(record, bins, events, requests) });
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      left.damaged.push({ trialId: record.trialId, error });
    }
  }
  left.damaged.sort((a, b) => (a.trialId < b.trialId ? -1 : 1));
  return { campaign: store.record, trials: judgeTrials(reduced), gates, left };
}

/** Judges trials that were reduced already. @param among where their controls are looked for */
export function judgeTrials(
  reduced: readonly ReducedTrial[],
  among: readonly ReducedTrial[] = reduced,
): JudgedTrial[] {
  const pool = new ControlPool(among);
  return reduced.map((trial) => judgeTrial(trial, pool));
}

function judgeTrial(trial: ReducedTrial, pool: ControlPool): JudgedTrial {
  const references = { fault: pool.of(trial.record, 'fault'), user: pool.of(trial.record, 'user') };
  const labels = IMPACTS.flatMap((impact) =>
    CONTRASTS.map((contrast) => ({
      impact,
      contrast,
      decision: decide(impact, contrast, trial, references[contrast], pool),
    })),
  );
  const user = labels.filter((label) => label.contrast === 'user');
  const impacts = user.filter((label) => label.decision.label === 'yes').map((label) => label.impact);
  const attributions = attributionsOf(trial, labels, {
    onTheWay: (impact) => decide(impact, 'fault', trial, pool.ofProcedure(trial.record), pool),
    endsOtherwise: () => pool.endsOtherwise(trial.record),
  });
  const attributed = (to: string) =>
    attributions.flatMap(({ impact, whose }) => (whose === to ? impact : []));
  return {
    ...trial,
    labels,
    containment: containmentOf(trial, labels, references.fault, attributions),
    impacts,
    impactsOfFault: attributed('fault'),
    impactsUnknown: attributed('unknown'),
    primaryImpact: trial.record.outcome !== 'completed' ? '' : (impacts[0] ?? noneOf(user)),
  };
}

function noneOf(user: readonly ImpactLabel[]): 'none' | 'inconclusive' {
  return user.some((label) => label.decision.label === 'inconclusive') ? 'inconclusive' : 'none';
}

/** Whether any of these impacts could not be decided in a contrast. */
export function isUndecided(
  { labels }: Pick<JudgedTrial, 'labels'>,
  contrast: Contrast,
  impacts: readonly Impact[],
): boolean {
  return labels.some(
    (label) =>
      label.contrast === contrast &&
      impacts.includes(label.impact) &&
      label.decision.label === 'inconclusive',
  );
}

function decide(
  impact: Impact,
  contrast: Contrast,
  trial: ReducedTrial,
  references: References,
  pool: ControlPool,
): Decision {
  const unjudged = whyNotJudged(trial.record);
  if (unjudged !== '') return inconclusive('', null, unjudged, { trials: [], kind: references.kind });
  switch (impact) {
    case 'data loss':
      return judgeDataLoss(trial, references, contrast);
    case 'full outage':
      return judgeOutage(trial, references);
    case 'security vulnerability':
      return judgeVulnerability(trial, references, contrast, pool);
    case 'degraded throughput':
      return judgeThroughput(trial, references);
    case 'increased latency':
      return judgeLatency(trial, references);
    case 'latent error':
      return judgeLatentError(trial, references);
  }
}

/** Only a completed trial whose fault was confirmed says anything about users. */
function whyNotJudged(record: TrialRecord): string {
  if (record.outcome !== 'completed') return `not judged: ${record.outcome}: ${record.outcomeReason}`;
  const planted = isControl(record) ? [] : record.fault.name.split('+');
  const unconfirmed = planted.filter(
    (name) => !record.evidence.some((e) => e.fault === name && e.verdict === 'found'),
  );
  return unconfirmed.length === 0 ? '' : `not judged: no evidence of ${unconfirmed.join(', ')}`;
}
