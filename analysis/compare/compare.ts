/** What became worse between two campaigns: every check of every cell, with one budget for false alarms over all of them. */
import type { Judgement } from '../judge.ts';
import { NO_UPGRADE } from '../references.ts';
import type { Contrast } from '../rules.ts';
import { type ExactTest, exactIncrease } from '../statistics/exact.ts';
import { correctedExact } from '../statistics/family.ts';
import { comparedCells } from './cells.ts';
import type { Check, CheckVerdict } from './check.ts';
import { type EventCount, eventsOf } from './events.ts';
import { figureChecks } from './figures.ts';
import { CELLS_ALPHA, TOGETHER_ALPHA } from './rules.ts';

/** A comparison. */
export interface Comparison {
  readonly checks: readonly Check[];
  /** In which contrast labels were compared: `fault` where a campaign has no trials without an upgrade. */
  readonly contrast: Contrast;
  /** Cells that only one campaign has, and what else a reader has to know. */
  readonly notes: readonly string[];
}

/** Compares two campaigns. @throws NotComparable */
export function compareCampaigns(base: Judgement, next: Judgement): Comparison {
  const { cells, onlyIn } = comparedCells(base, next);
  const contrast = cells.some(({ approach }) => approach === NO_UPGRADE) ? 'user' : 'fault';
  const events = cells.flatMap((cell) => eventsOf(cell, contrast));
  const checks = [
    ...eventChecks(
      grouped(events, ({ cell }) => cell.name),
      CELLS_ALPHA,
    ),
    ...eventChecks(grouped(events, ({ cell }) => cell.approach).filter(spansCells), TOGETHER_ALPHA),
    ...figureChecks(cells),
  ];
  return { checks, contrast, notes: [...onlyIn, ...otherMachine(base, next)] };
}

/** The checks that are a regression. */
export function regressionsOf({ checks }: Comparison): readonly Check[] {
  return checks.filter(({ verdict }) => verdict === 'worse');
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

function eventChecks(groups: readonly (readonly EventCount[])[], alpha: number): Check[] {
  const tests = groups.map((group) =>
    exactIncrease(
      group.map(({ base, next }) => ({
        base: { k: base.met.length, n: base.of.length },
        next: { k: next.met.length, n: next.of.length },
      })),
    ),
  );
  const ps = correctedExact(tests, alpha);
  return groups.flatMap((group, index) => {
    const [first] = group;
    const test = tests[index];
    return first === undefined || test === undefined
      ? []
      : [eventCheck(group, first, test, ps[index] ?? 1, alpha)];
  });
}

function eventCheck(
  group: readonly EventCount[],
  { cell, check, event }: EventCount,
  test: ExactTest,
  p: number,
  alpha: number,
): Check {
  const sum = (of: (count: EventCount) => readonly string[]) => group.flatMap((count) => of(count));
  const base = { k: sum((c) => c.base.met).length, n: sum((c) => c.base.of).length };
  const next = { k: sum((c) => c.next.met).length, n: sum((c) => c.next.of).length };
  const verdict = verdictOf(base, next, p, alpha);
  const numbers = `${next.k} of ${next.n} trials of NEW ${event}, ${base.k} of ${base.n} of BASE`;
  const chance = `p = ${short(test.p)} by chance, ${short(p)} corrected; bound ${short(alpha)}`;
  return {
    cell: spansCells(group) ? `${cell.approach}, all cells` : cell.name,
    ...{ check, verdict, p, alpha, bound: null },
    ...{ base: share(base), next: share(next), baseTrials: base.n, nextTrials: next.n },
    message: [
      numbers,
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
export function repetitionsWanted(alpha: number): number {
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
