/** What became worse between two campaigns: every check of every cell, with one budget for false alarms over all of them. */
import { conditionsOf, keyOf } from '../conditions.ts';
import type { Judgement } from '../judge.ts';
import { NO_UPGRADE } from '../references.ts';
import { type Contrast, MIN_REFERENCES } from '../rules.ts';
import { sensitivityOf } from '../sensitivity.ts';
import { exactIncrease } from '../statistics/exact.ts';
import { correctedExact } from '../statistics/family.ts';
import { type ComparedCell, comparedCells } from './cells.ts';
import type { Check, CheckVerdict } from './check.ts';
import { type EventCount, eventsOf } from './events.ts';
import { figureChecks, slowdownOf } from './figures.ts';
import { CELLS_ALPHA, TOGETHER_ALPHA } from './rules.ts';

/** A comparison. */
export interface Comparison {
  readonly checks: readonly Check[];
  /** In which contrast labels were compared: `fault` where there are too few trials without an upgrade. */
  readonly contrast: Contrast;
  /** Cells that only one campaign has, trials that a campaign lacks, and what else a reader has to know. */
  readonly notes: readonly string[];
}

/** Compares two campaigns. @throws NotComparable */
export function compareCampaigns(base: Judgement, next: Judgement): Comparison {
  const { cells, onlyIn } = comparedCells(base, next);
  const contrast = contrastOf(cells);
  const harms = new Map([base, next].flatMap(sensitivityOf).map(({ fault, impact }) => [fault, impact]));
  const events = cells.flatMap((cell) =>
    eventsOf(cell, { contrast, slowdown: slowdownOf(cells, cell), harms }),
  );
  const checks = [
    ...eventChecks(
      grouped(events, ({ cell }) => cell.name),
      CELLS_ALPHA,
    ),
    ...eventChecks(grouped(events, ({ cell }) => cell.approach).filter(spansCells), TOGETHER_ALPHA),
    ...figureChecks(cells),
  ];
  const notes = [...unrecorded('BASE', base), ...unrecorded('NEW', next), ...onlyIn];
  return { checks, contrast, notes: [...notes, ...otherMachine(base, next)] };
}

/** The checks that are a regression. */
export function regressionsOf({ checks }: Comparison): readonly Check[] {
  return checks.filter(({ verdict }) => verdict === 'worse');
}

/** What users feel can be told where the trials without an upgrade of both campaigns are references enough for every trial. */
function contrastOf(cells: readonly ComparedCell[]): Contrast {
  const completed = cells
    .flatMap((cell) => [...cell.base.trials, ...cell.next.trials].map(({ record }) => ({ cell, record })))
    .filter(({ record }) => record.outcome === 'completed');
  const idle = completed.filter(({ cell }) => cell.type === 0 && cell.approach === NO_UPGRADE);
  const counts = new Map(completed.map(({ record }) => [keyOf(conditionsOf(record)), 0]));
  for (const { record } of idle) {
    const key = keyOf(conditionsOf(record));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].every((count) => count >= MIN_REFERENCES) ? 'user' : 'fault';
}

/** Counts of the same event by what they belong to, as strata of one test. */
function grouped(events: readonly EventCount[], by: (event: EventCount) => string): EventCount[][] {
  const groups = new Map<string, EventCount[]>();
  for (const event of events) {
    const key = JSON.stringify([by(event), event.check]);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()];
}

/** Single trials that say little by themselves may say it together. */
function spansCells(group: readonly EventCount[]): boolean {
  return group.some(({ cell }) => cell !== group[0]?.cell);
}

/**
 * Tests what was met, and once more without what is excused; both must pass. So an excuse can only silence an alarm, and the
 * chance of a false one stays what the tests of all that was met promise.
 */
function eventChecks(groups: readonly (readonly EventCount[])[], alpha: number): Check[] {
  const all = tested(groups, alpha, ({ next }) => next.met.length);
  const counting = tested(groups, alpha, ({ next, excused }) => next.met.length - excused.length);
  return groups.flatMap((group, index) => {
    const [first] = group;
    const [one, other] = [all[index], counting[index]];
    if (first === undefined || one === undefined || other === undefined) return [];
    return [eventCheck(group, first, one.corrected >= other.corrected ? one : other, alpha)];
  });
}

/** Chance of what was seen, by itself and in its family. */
interface Tested {
  readonly p: number;
  readonly corrected: number;
}

function tested(
  groups: readonly (readonly EventCount[])[],
  alpha: number,
  metInNew: (count: EventCount) => number,
): Tested[] {
  const tests = groups.map((group) =>
    exactIncrease(
      group.map((count) => ({
        base: { k: count.base.met.length, n: count.base.of.length },
        next: { k: metInNew(count), n: count.next.of.length },
      })),
    ),
  );
  const corrected = correctedExact(tests, alpha);
  return tests.map(({ p }, index) => ({ p, corrected: corrected[index] ?? 1 }));
}

function eventCheck(
  group: readonly EventCount[],
  { cell, check, event, excuse }: EventCount,
  { p, corrected }: Tested,
  alpha: number,
): Check {
  const sum = (of: (count: EventCount) => readonly string[]) => group.flatMap((count) => of(count));
  const base = { k: sum((c) => c.base.met).length, n: sum((c) => c.base.of).length };
  const next = { k: sum((c) => c.next.met).length, n: sum((c) => c.next.of).length };
  const excused = sum((c) => c.excused).length;
  const verdict = verdictOf(base, next, corrected, alpha);
  const numbers = `${next.k} of ${next.n} trials of NEW ${event}, ${base.k} of ${base.n} of BASE`;
  const chance = `p = ${short(p)} by chance, ${short(corrected)} corrected; bound ${short(alpha)}`;
  return {
    cell: spansCells(group) ? `${cell.approach}, all cells` : cell.name,
    check,
    verdict,
    p: corrected,
    alpha,
    bound: null,
    base: share(base),
    next: share(next),
    baseTrials: base.n,
    nextTrials: next.n,
    message: [
      numbers,
      ...(excused > 0 ? [`${excused} of NEW do not count: ${excuse}`] : []),
      ...(verdict === 'worse' || verdict === 'changed' ? [chance] : []),
      ...advice(verdict, base.n, next.n, alpha),
    ].join('; '),
    trials: sum((c) => c.next.met),
  };
}

interface Counts {
  readonly k: number;
  readonly n: number;
}

function verdictOf(base: Counts, next: Counts, p: number, alpha: number): CheckVerdict {
  if (base.n === 0 || next.n === 0) return 'undecided';
  if (p <= alpha) return 'worse';
  return next.k * base.n > base.k * next.n ? 'changed' : 'same';
}

/** What would decide where so few trials cannot. */
function advice(verdict: CheckVerdict, baseTrials: number, nextTrials: number, alpha: number): string[] {
  const wanted = repetitionsWanted(alpha);
  if (verdict !== 'changed' || Math.min(baseTrials, nextTrials) >= wanted) return [];
  return [`too few trials to decide; ${wanted} of each campaign are wanted`];
}

/** One cause shows in several checks at once: an outage in lost throughput, and in a gate that let it through. */
const CHECKS_AT_ONCE = 4;

/** Repetitions a side from which an event that never happened and now always does is decided. */
function repetitionsWanted(alpha: number): number {
  let n = 1;
  while (exactIncrease([{ base: { k: 0, n }, next: { k: n, n } }]).smallestP > alpha / CHECKS_AT_ONCE) n += 1;
  return n;
}

function share({ k, n }: Counts): number | null {
  return n === 0 ? null : k / n;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** A campaign that was interrupted is not worse for it, but says less. */
function unrecorded(name: string, { trials, left }: Judgement): string[] {
  const counts = { interrupted: left.interrupted, damaged: left.damaged, 'never begun': left.missing };
  const lacking = Object.entries(counts).filter(([, { length }]) => length > 0);
  if (lacking.length === 0) return [];
  const asked = lacking.reduce((sum, [, { length }]) => sum + length, trials.length);
  const why = lacking.map(([what, { length }]) => `${length} ${what}`).join(', ');
  return [`${name} holds ${trials.length} of ${asked} trials (${why})`];
}

/** Another machine or other versions explain differences that no change of a program does. */
function otherMachine(base: Judgement, next: Judgement): string[] {
  const [before, after] = [base.campaign.environment, next.campaign.environment];
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return differing.length === 0
    ? []
    : [`the campaigns' environments differ in ${differing.join(', ')} (campaign.json)`];
}
