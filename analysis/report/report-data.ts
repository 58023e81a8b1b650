/** Gathers what the page shows of a whole campaign. */
import { POSITIVE_CONTROL_TYPE, type TrialRecord } from '../../results/schema.ts';
import type { CampaignStore } from '../../results/store.ts';
import { attritionParts, attritionText } from '../attrition.ts';
import { type Cell, cellsOf, sharesOf } from '../cells.ts';
import type { MatrixRow } from '../charts/impact-matrix.ts';
import type { QuiescenceRow } from '../charts/quiescence.ts';
import { claimsOf } from '../claims/claims.ts';
import { falseAlarmsOf } from '../false-alarms.ts';
import { detectorRows, detectorSummaries } from '../gates/detectors.ts';
import type { JudgedTrial, Judgement } from '../judge.ts';
import { worstCaseText } from '../losses.ts';
import { isControl, NO_UPGRADE } from '../references.ts';
import { resilienceOf } from '../resilience.ts';
import { type Contrast, IMPACTS } from '../rules.ts';
import { sensitivityLines } from '../sensitivity.ts';
import { percent } from '../statistics/share.ts';
import { cellFigures, notesOf } from '../summary.ts';
import { variantOf } from '../variant.ts';
import { costOf, isUsual } from './costs.ts';
import { leaseImpacts } from './lease-impact.ts';
import { overheadOf } from './overhead.ts';
import type { ReportCell, ReportData } from './page-types.ts';
import { rowName, type TrialSummary } from './summaries.ts';
import { BLOCK_TRIALS, TrialBlocks } from './trial-blocks.ts';
import { trialData } from './trial-data.ts';

/** Stories of all judged trials, packed, and what of them could not be read. @throws RecordError for a damaged series. */
export async function packedTrials(
  store: CampaignStore,
  judgement: Judgement,
): Promise<{ readonly blocks: readonly string[]; readonly unreadable: readonly string[] }> {
  const blocks = new TrialBlocks();
  const unreadable: string[] = [];
  for (const trial of judgement.trials) {
    const { trialId } = trial.record;
    await blocks.add(async (texts) => {
      const story = await trialData(store.trialFolder(trialId), trial, texts);
      const told = story.unreadable.map((why) => `${trialId}: evidence or logs could not be read: ${why}`);
      unreadable.push(...told);
      return story;
    });
  }
  return { blocks: await blocks.all(), unreadable };
}

/** Believed trials of another campaign, from which the page takes how long requests were held at another load, or with other data. */
export interface Beside {
  readonly campaign: string;
  readonly records: readonly TrialRecord[];
}

/** Other campaigns that the page tells of beside its own. */
export interface OtherCampaigns {
  readonly beside?: readonly Beside[];
  /** Trials of the same faults in an environment that differs: decides the claim fidelity. */
  readonly elsewhere?: readonly JudgedTrial[] | undefined;
}

/** What the page shows of the whole campaign. */
export function reportData(
  judgement: Judgement,
  { beside = [], elsewhere }: OtherCampaigns = {},
): ReportData {
  const cells = cellsOf(judgement);
  // What is left out of some trials would make two rows of one in the figures: they show the whole. And faults only.
  const whole = cells.filter(({ variant, type }) => variant === '' && type !== POSITIVE_CONTROL_TYPE);
  const { campaign } = judgement;
  return {
    campaign: campaign.campaign,
    startedAt: campaign.startedAt,
    scenarios: unique(judgement.trials.map((trial) => trial.record.scenario)),
    seed: campaign.seed,
    impacts: IMPACTS,
    approaches: approachesOf(cells),
    facts: factsOf(judgement, cells),
    environment: Object.entries(campaign.environment).map(([name, value]) => ({ name, value: plain(value) })),
    falseAlarms: falseAlarmsOf(judgement.trials).map(({ impact, share, undecided }) => ({
      impact,
      text:
        share.n === 0
          ? `not measured (${undecided} undecided)`
          : `${share.k} of ${share.n}, ${percent(share.low)} to ${percent(share.high)}`,
    })),
    sensitivity: sensitivityLines(judgement),
    notes: notesOf(judgement),
    matrix: { user: matrixRows(whole, 'user'), fault: matrixRows(whole, 'fault') },
    resilience: resilienceOf(judgement.trials),
    detectors: detectorSummaries(detectorRows(judgement.trials, judgement.gates)),
    claims: claimsOf(judgement.trials, elsewhere),
    quiescences: [
      ...quiescenceRows(judgement.trials.map(({ record }) => record)),
      ...beside.flatMap(({ campaign, records }) => quiescenceRows(records.filter(isUsual), campaign)),
    ],
    costs: approachesOf(cells).map((approach) => costOf(approach, judgement.trials)),
    leases: leaseImpacts(approachesOf(cells), judgement.trials),
    overhead: overheadOf(judgement.trials),
    cells: reportCells(cells, judgement),
    trials: judgement.trials.map(summaryOf),
    blockTrials: BLOCK_TRIALS,
  };
}

function summaryOf({ record, figures, ...judged }: JudgedTrial): TrialSummary {
  const p95Ms = record.horizon?.p95Ms ?? null;
  return {
    id: record.trialId,
    fault: record.fault.name,
    type: record.fault.type,
    role: roleOf(record.fault),
    violation: record.fault.violation,
    approach: record.approach,
    variant: variantOf(record),
    outcome: record.outcome,
    primary: judged.primaryImpact,
    impacts: judged.impacts,
    impactsOfFault: judged.labels
      .filter(({ contrast, decision }) => contrast === 'fault' && decision.label === 'yes')
      .map(({ impact }) => impact),
    containment: judged.containment,
    outageS: figures.outageS,
    p95Ms: p95Ms === null ? null : Number(p95Ms.toFixed(2)),
  };
}

function roleOf({ type }: Pick<Cell, 'type'>): TrialSummary['role'] {
  if (type === 0) return 'control';
  return type === POSITIVE_CONTROL_TYPE ? 'positive control' : 'fault';
}

/** Approaches with a column of their own; without an upgrade nothing can be faulty, so that `none` is a row. */
function approachesOf(cells: readonly Cell[]): string[] {
  const upgrading = unique(cells.map((cell) => cell.approach)).filter((approach) => approach !== NO_UPGRADE);
  return upgrading.length === 0 ? [NO_UPGRADE] : upgrading;
}

/** A row for each cell; the trials without an upgrade stand in every column, as what all are held against. */
function matrixRows(cells: readonly Cell[], contrast: Contrast): MatrixRow[] {
  const approaches = approachesOf(cells);
  const withoutUpgrade = cells.filter((cell) => cell.approach === NO_UPGRADE);
  const others = cells.filter((cell) => cell.approach !== NO_UPGRADE);
  return [...withoutUpgrade, ...others].flatMap((cell) => {
    const columns = cell.approach === NO_UPGRADE ? approaches : [cell.approach];
    const shares = sharesOf(cell).filter((share) => share.contrast === contrast);
    return columns.flatMap((approach) =>
      shares.map(({ impact, share, inconclusive, worstLow, worstHigh }) => ({
        type: cell.type,
        fault: rowName(cell.fault, cell.approach),
        approach,
        impact,
        yes: share.k,
        decided: share.n,
        inconclusive,
        notReached: cell.attrition.notReached,
        lost: cell.attrition.lost,
        opens: cell.trials.length > 0,
        inapplicable: cell.attrition.notApplicable > 0 && cell.attrition.notApplicable === cell.trials.length,
        note: `95 % interval ${percent(share.low)} to ${percent(share.high)}; ${inconclusive} inconclusive, ${cell.attrition.lost} lost: ${percent(worstLow)} to ${percent(worstHigh)} at worst`,
      })),
    );
  });
}

/** Every time that requests were held, in the order of the trials. */
function quiescenceRows(records: readonly TrialRecord[], beside = ''): QuiescenceRow[] {
  return records.flatMap((record) =>
    (record.imago?.quiescences ?? []).map((quiescence) => ({
      ...quiescence,
      lastedMs: Number(quiescence.lastedMs.toFixed(2)),
      trialId: record.trialId,
      beside,
      approach: record.approach,
      ratePerSecond: record.ratePerSecond,
      scale: record.scale,
      rows: record.imago?.transferredRows ?? 0,
      isUsual: isUsual(record),
    })),
  );
}

function reportCells(cells: readonly Cell[], judgement: Judgement): ReportCell[] {
  const indexes = new Map(judgement.trials.map((trial, index) => [trial, index]));
  return cells.map((cell) => {
    const primary = new Map<string, number>();
    for (const { primaryImpact } of cell.trials) {
      if (primaryImpact !== '') primary.set(primaryImpact, (primary.get(primaryImpact) ?? 0) + 1);
    }
    const order = [...IMPACTS, 'inconclusive', 'none'] as string[];
    return {
      fault: cell.fault,
      type: cell.type,
      role: roleOf(cell),
      violation: cell.violation,
      dependency: cell.dependency,
      approach: [cell.approach, cell.variant].join(' ').trim(),
      variant: cell.variant,
      trials: cell.trials.map((trial) => indexes.get(trial) ?? -1),
      primary: [...primary]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
      ...cellFigures(cell),
      attrition: attritionParts([cell.attrition]),
      worstCase: worstCaseText(cell),
    };
  });
}

function factsOf(judgement: Judgement, cells: readonly Cell[]): ReportData['facts'] {
  const { trials, left } = judgement;
  const completed = trials.filter((trial) => trial.record.outcome === 'completed');
  const references = completed.filter((trial) => isControl(trial.record));
  const byApproach = unique(references.map((trial) => trial.record.approach)).map(
    (approach) => `${references.filter((trial) => trial.record.approach === approach).length} ${approach}`,
  );
  const attrition = attritionText(attritionParts(cells.map((cell) => cell.attrition)));
  const lost = cells.reduce((sum, cell) => sum + cell.attrition.lost, 0);
  const scheduled = cells.reduce((sum, cell) => sum + cell.attrition.scheduled, 0);
  const alarms = falseAlarmsOf(trials);
  const measured = alarms.filter(({ share }) => share.n > 0);
  const raised = measured.reduce((sum, { share }) => sum + share.k, 0);
  const decided = measured.reduce((sum, { share }) => sum + share.n, 0);
  return [
    { name: 'trials', value: `${completed.length} of ${scheduled}`, note: 'completed of those asked for' },
    { name: 'references', value: String(references.length), note: byApproach.join(', ') || 'no controls' },
    {
      name: 'false alarms',
      value: decided === 0 ? 'not measured' : `${raised} of ${decided}`,
      note: 'labels on controls, all impacts',
    },
    {
      name: 'lost',
      value: String(lost),
      note: attrition || `nothing lost${left.interrupted.length > 0 ? '' : ', none interrupted'}`,
    },
    {
      name: 'windows',
      value: unique(trials.map((trial) => trial.record.windows.name)).join(', ') || 'none',
      note: windowsText(judgement),
    },
    {
      name: 'load',
      value: unique(trials.map((trial) => `${trial.record.ratePerSecond}/s`)).join(', ') || 'none',
      note: unique(trials.map((t) => `${t.record.hosts} hosts a tier, scale ${t.record.scale}`)).join('; '),
    },
  ];
}

function windowsText({ trials }: Judgement): string {
  const texts = trials.map(
    ({ record: { windows: w } }) => `${w.warmUpS} s warm-up, ${w.beforeS} s before, ${w.horizonS} s horizon`,
  );
  return unique(texts).join('; ');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
