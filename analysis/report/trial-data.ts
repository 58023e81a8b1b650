/** One trial as the page tells it. */

import { EVIDENCE_FOLDER, plainName } from '../../results/layout.ts';
import type { TrialEvent, TrialRecord } from '../../results/schema.ts';
import {
  type Attachments,
  evidencePath,
  readAttachments,
  readEvents,
  readRequests,
} from '../../results/trial-files.ts';
import type { JudgedTrial } from '../judge.ts';
import { imagoCourseOf } from './imago-course.ts';
import type { PlanLine, ReportTrial, Timeline } from './page-types.ts';
import type { Texts } from './texts.ts';

/** Characters of a reading that the page shows; the whole text is in `evidence/`. */
const EVIDENCE_CHARACTERS = 1500;

/** Rows that a host has no name for: steps on several hosts. */
const NO_HOST = 'all';

/** Reads the series of a trial and joins them with its labels. @param folder the trial's folder. */
export async function trialData(folder: string, trial: JudgedTrial, texts: Texts): Promise<ReportTrial> {
  const { record } = trial;
  const attachments = await readAttachments(folder);
  return {
    id: record.trialId,
    fault: record.fault.name,
    type: record.fault.type,
    approach: record.approach,
    outcome: record.outcome,
    reason: texts.index(record.outcomeReason),
    primary: trial.primaryImpact,
    containment: trial.containment,
    upgrade: upgradeText(record),
    facts: factsOf(trial),
    labels: labelsOf(trial, texts),
    evidence: record.evidence.map((e) => ({
      fault: e.fault,
      verdict: e.verdict,
      summary: texts.index(e.summary),
      texts: e.stepIds.map((stepId) => texts.index(readingText(stepId, attachments))),
    })),
    shams: record.shams.map((s) => ({ fault: s.fault, verdict: s.verdict, summary: texts.index(s.summary) })),
    provocations: record.provocations.map((p) => ({
      name: p.name,
      result: provocationText(p),
      reason: texts.index(p.reason),
    })),
    probes: record.probes.map((p) => ({
      name: p.name,
      result: p.taken ? `${p.exposures.length} open` : 'not taken',
      exposures: texts.index(p.taken ? p.exposures.join('\n') : p.reason),
    })),
    plan: record.plan.map(
      (row): PlanLine => [row.number, ...textsOf(texts, row.kind, row.host, row.title, row.edit)],
    ),
    timeline: await timelineData(folder, record, texts),
    logs: attachments.logs,
    readings: [...attachments.evidence.keys()].map((name) => `${name}.txt`),
    unreadable: [...attachments.unreadable.values()],
  };
}

function provocationText(p: TrialRecord['provocations'][number]): string {
  if (!p.carriedOut) return 'not carried out';
  const mended = p.repaired.length === 0 ? '' : `; repaired ${p.repaired.join(', ')}`;
  const after = p.activationMs === null ? '' : ` after ${p.activationMs.toFixed(0)} ms`;
  return `${p.held ? 'stood' : `failed${after}`}${mended}`;
}

function textsOf(texts: Texts, a: string, b: string, c: string, d: string): [number, number, number, number] {
  return [texts.index(a), texts.index(b), texts.index(c), texts.index(d)];
}

function readingText(stepId: string, { evidence, unreadable }: Attachments): string {
  const name = plainName(stepId);
  const text = evidence.get(name);
  const why = unreadable.get(evidencePath(name)) ?? unreadable.get(EVIDENCE_FOLDER);
  if (why !== undefined) return `${stepId}: evidence could not be read: ${why}`;
  if (text === undefined) return `${stepId}: no text was kept`;
  const rest = text.length - EVIDENCE_CHARACTERS;
  return `${stepId}\n${rest > 0 ? `${text.slice(0, EVIDENCE_CHARACTERS)}\n(${rest} more characters in the record)` : text}`;
}

function upgradeText({ upgrade }: TrialRecord): string {
  const gate = upgrade.gate === '' ? '' : ` by ${upgrade.gate}`;
  return `${upgrade.outcome}${gate}, ended ${upgrade.finalState}`;
}

function factsOf({ record, figures }: JudgedTrial): { name: string; value: string }[] {
  const number = (value: number | null | undefined, digits: number, unit: string) =>
    value === null || value === undefined ? 'not measured' : `${value.toFixed(digits)}${unit}`;
  const percent = figures.successRatio === null ? null : figures.successRatio * 100;
  return [
    { name: 'served', value: number(percent, 2, ' %') },
    { name: 'failed', value: number(figures.failed, 0, ' requests') },
    { name: 'without service', value: number(figures.outageS, 1, ' s') },
    { name: 'p50', value: number(record.horizon?.p50Ms, 1, ' ms') },
    { name: 'p95', value: number(record.horizon?.p95Ms, 1, ' ms') },
    { name: 'acknowledged writes', value: number(figures.data?.acknowledged, 0, '') },
    { name: 'wrong data', value: number(figures.data?.wrong, 0, '') },
    ...imagoFacts(record),
    { name: 'reach', value: record.reach },
    { name: 'seed', value: String(record.seed) },
    { name: 'CPUs busy', value: number(busyPercent(record), 1, ' %') },
  ];
}

/** What only trials with a parallel universe have. */
function imagoFacts({ imago, leased }: TrialRecord): { name: string; value: string }[] {
  if (imago === null) return [];
  const held = imago.quiescences.map(({ phase, lastedMs }) => `${lastedMs.toFixed(0)} ms (${phase})`);
  const counted = imago.compared === 0 ? 'none' : `${imago.compared}, ${imago.mismatched} differ`;
  const facts = [
    { name: 'quiescences', value: held.join(', ') || 'none' },
    { name: 'rows transferred', value: imago.transferredRows.toLocaleString('en') },
    { name: 'answers compared', value: counted },
  ];
  if (imago.residue !== null)
    facts.push({
      name: 'left in the old universe',
      value: imago.residue.slice(0, 5).join('; ') || 'nothing',
    });
  if (leased === null) return facts;
  return [
    ...facts,
    { name: 'leased', value: `${leased.cpuSeconds.toFixed(1)} CPU s in ${leased.seconds.toFixed(0)} s` },
  ];
}

function busyPercent(record: TrialRecord): number | null {
  const share = record.machine?.cpuBusyShare ?? null;
  return share === null ? null : share * 100;
}

function labelsOf(trial: JudgedTrial, texts: Texts): ReportTrial['labels'] {
  return trial.labels.map(({ impact, contrast, decision: d }) => [
    texts.index(impact),
    texts.index(contrast),
    texts.index(d.label),
    texts.index(d.figureName),
    d.figure,
    d.bound,
    d.effect,
    d.threshold,
    texts.index(d.reason),
    texts.index(d.references.join(' ')),
  ]);
}

/** Series and steps in seconds; a trial without a load has empty ones. */
export async function timelineData(folder: string, record: TrialRecord, texts: Texts): Promise<Timeline> {
  const rows = await readRequests(folder);
  const { events } = await readEvents(folder);
  const firstSecond = rows[0]?.second ?? 0;
  const rowsOfPlan = new Map(record.plan.map((row) => [row.stepId, row]));
  const endS = firstSecond + rows.length;
  return {
    firstSecond,
    offered: rows.map((row) => row.offered),
    ok: rows.map((row) => row.ok),
    failed: rows.map((row) => row.failed + row.dropped),
    p95Ms: rows.map((row) => (row.p95_ms === null ? null : tenth(row.p95_ms))),
    phases: phasesOf(events, endS),
    steps: stepsOf(events, rowsOfPlan, record.upgrade.endMs, texts),
    imago: imagoCourseOf(events),
    readings: events
      .filter((event) => event.event === 'reading')
      .map((event) => [
        hundredth(event.atMs / 1000),
        texts.index(placeOf(rowsOfPlan.get(event.stepId), event.host) || NO_HOST),
        texts.index(`${event.fault}: ${event.excerpt.slice(0, 200)}`),
      ]),
  };
}

/** Where a step acts: the same names of hosts occur in both universes. */
function placeOf(row: TrialRecord['plan'][number] | undefined, host: string): string {
  return row?.universe === 'new' && host !== '' ? `new/${host}` : host;
}

function phasesOf(events: readonly TrialEvent[], endS: number): Timeline['phases'] {
  const starts = events.filter((event) => event.event === 'phase');
  return starts.map((event, index) => ({
    phase: event.phase,
    fromS: hundredth(event.atMs / 1000),
    toS: hundredth(Math.max(event.atMs / 1000, (starts[index + 1]?.atMs ?? endS * 1000) / 1000)),
  }));
}

/**
 * Steps that ended, and those that hung or that a crash left open: these up to the upgrade's end, or to the last event where
 * that is not known. Observations are shown as readings.
 */
function stepsOf(
  events: readonly TrialEvent[],
  rows: ReadonlyMap<string, TrialRecord['plan'][number]>,
  upgradeEndMs: number,
  texts: Texts,
): Timeline['steps'] {
  const open = new Map<string, Extract<TrialEvent, { event: 'step-start' }>>();
  const steps: Timeline['steps'][number][] = [];
  const add = (start: Extract<TrialEvent, { event: 'step-start' }>, endMs: number, outcome: string) => {
    if (start.kind === 'observe' || start.kind === 'parallel') return;
    const row = rows.get(start.stepId);
    const place = placeOf(row, start.host);
    const [host, title, state, edit] = textsOf(
      texts,
      place || (start.kind === 'imago' ? 'imago' : NO_HOST),
      start.title,
      outcome,
      row?.edit ?? '',
    );
    const gate = texts.index(row?.gate ?? '');
    steps.push([host, title, hundredth(start.atMs / 1000), hundredth(endMs / 1000), state, edit, gate]);
  };
  for (const event of events) {
    if (event.event === 'step-start') open.set(event.stepId, event);
    const start = event.event === 'step-end' ? open.get(event.stepId) : undefined;
    if (event.event !== 'step-end' || start === undefined) continue;
    open.delete(event.stepId);
    add(start, event.atMs, event.outcome);
  }
  const lastMs = events.at(-1)?.atMs ?? 0;
  for (const start of open.values())
    add(start, upgradeEndMs > start.atMs ? upgradeEndMs : lastMs, 'unfinished');
  return steps;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
