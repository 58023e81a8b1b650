/**
 * Checks of what is measured: of controls latency, failures, quiescence, how long the upgrade took and what it leased; of
 * trials with a fault latency, by cell where there are repetitions, and over all cells of an approach.
 */
import type { JudgedTrial } from '../judge.ts';
import { NO_UPGRADE } from '../references.ts';
import { contrastMargin } from '../statistics/contrast.ts';
import { type Spread, spreadOf } from '../statistics/prediction.ts';
import { variantOf } from '../variant.ts';
import { type ComparedCell, isFaultyCell } from './cells.ts';
import type { Check, CheckVerdict } from './check.ts';
import { type Figure, figuresOf, SPEED } from './figure.ts';
import { FIGURES_ALPHA, MIN_TRIALS } from './rules.ts';

/** One figure of one cell. */
interface Measured {
  readonly name: string;
  readonly figure: Figure;
  readonly base: Values;
  readonly next: Values;
  /** The same figure of the cell beside which it is seen; undefined where it stands for itself. */
  readonly beside: { readonly name: string; readonly base: Values; readonly next: Values } | undefined;
  /** The values of NEW are differences by cell, so that BASE, their zero, varies with them. */
  readonly paired?: boolean;
}

interface Values {
  readonly values: readonly number[];
  readonly trials: readonly string[];
}

/** All figure checks; together they alarm by chance with at most `FIGURES_ALPHA`. */
export function figureChecks(cells: readonly ComparedCell[]): Check[] {
  const controls = cells.filter(({ type }) => type === 0);
  const measured = [
    ...controls.flatMap((cell) => measuredIn(cell, controls)),
    ...cells.filter(isFaultyCell).flatMap((cell) => latencyIn(cell, controls)),
    ...latencyTogether(cells, controls),
  ];
  const count = measured.filter(isKnown).length;
  return measured.map((one) => checked(one, FIGURES_ALPHA / Math.max(1, count)));
}

/**
 * How many times as long answers take without an upgrade in NEW, under the conditions of a cell, where they take longer; else 1, for
 * a faster machine need not make everything shorter. Undefined where too few trials tell.
 */
export function slowdownOf(
  cells: readonly ComparedCell[],
  { conditions }: Pick<ComparedCell, 'conditions'>,
): number | undefined {
  const idle = cells.find(
    (cell) => cell.type === 0 && cell.approach === NO_UPGRADE && cell.conditions === conditions,
  );
  if (idle === undefined) return undefined;
  const sides = [idle.base, idle.next].map(({ trials }) => valuesOf(SPEED, trials).values);
  if (sides.some((values) => values.length < MIN_TRIALS)) return undefined;
  const [before = 0, after = 0] = sides.map((values) => average(values.map(SPEED.scale.to)));
  return Math.max(1, SPEED.scale.from(after - before));
}

function measuredIn(cell: ComparedCell, controls: readonly ComparedCell[]): Measured[] {
  return figuresOf([...cell.base.trials, ...cell.next.trials]).flatMap((figure) => {
    const of = ({ base, next }: ComparedCell, measured = figure) => ({
      base: valuesOf(measured, base.trials),
      next: valuesOf(measured, next.trials),
    });
    const own = of(cell);
    if (own.base.values.length + own.next.values.length === 0) return [];
    const other = figure.beside === 'nothing' ? undefined : besideOf(cell, controls);
    const told = figure.beside === 'speed' ? SPEED : figure;
    return [
      {
        name: cell.name,
        figure,
        ...own,
        beside: other === undefined ? undefined : { name: other.name, ...of(other, told) },
      },
    ];
  });
}

/** With a fault only latency is compared as a figure, where there are repetitions enough. */
function latencyIn(cell: ComparedCell, controls: readonly ComparedCell[]): Measured[] {
  return measuredIn(cell, controls).filter((one) => one.figure.beside === 'itself' && isKnown(one));
}

/**
 * Single trials of many cells: how much each cell's latency differs, and whether it does on average. On the scale of
 * the figure a cell's difference is one value, so that BASE is zero.
 */
function latencyTogether(cells: readonly ComparedCell[], controls: readonly ComparedCell[]): Measured[] {
  const like = Map.groupBy(cells.filter(isFaultyCell), ({ approach, conditions }) =>
    [`${approach}, all faults`, conditions].filter((part) => part !== '').join(', '),
  );
  return [...like].flatMap(([title, faulty]) => {
    const found = faulty
      .flatMap((cell) => measuredIn(cell, controls))
      .filter(({ figure }) => figure.beside === 'itself');
    return [...new Set(found.map(({ figure }) => figure.name))].flatMap((name) => {
      const own = found.filter(
        ({ figure, base, next }) => figure.name === name && base.values.length > 0 && next.values.length > 0,
      );
      const [first] = own;
      if (first === undefined || own.length < MIN_TRIALS) return [];
      const { scale } = first.figure;
      const mean = ({ values }: Values) => average(values.map(scale.to));
      const centre = average(own.map(({ base }) => mean(base)));
      const values = own.map(({ base, next }) => scale.from(centre + mean(next) - mean(base)));
      const all = (of: (one: Measured) => Values) => own.flatMap((one) => of(one).trials);
      return [
        {
          ...first,
          name: title,
          base: { values: [scale.from(centre)], trials: all(({ base }) => base) },
          next: { values, trials: all(({ next }) => next) },
          paired: true,
        },
      ];
    });
  });
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of trials whose machine was overloaded nothing is said, as in labels. */
function valuesOf(figure: Figure, trials: readonly JudgedTrial[]): Values {
  const known = trials
    .filter(({ record, figures }) => record.outcome === 'completed' && figures.overload.length === 0)
    .flatMap((trial) => {
      const value = figure.of(trial);
      return value === null ? [] : [{ value, id: trial.record.trialId }];
    });
  return { values: known.map(({ value }) => value), trials: known.map(({ id }) => id) };
}

/**
 * What a machine that is faster or slower on another day does to all trials must not count: an upgrade is seen beside no
 * upgrade, and no upgrade through the interceptor beside the same through a plain forwarder, where there is such.
 */
function besideOf(cell: ComparedCell, controls: readonly ComparedCell[]): ComparedCell | undefined {
  const idle = controls.filter(
    ({ approach, conditions }) => approach === NO_UPGRADE && conditions === cell.conditions,
  );
  const variant = variantIn(cell);
  if (cell.approach !== NO_UPGRADE) return idle.find((other) => variantIn(other) === '');
  return variant === '' ? idle.find((other) => variantIn(other) !== '') : undefined;
}

function variantIn({ base, next }: ComparedCell): string {
  const record = (base.trials[0] ?? next.trials[0])?.record;
  return record === undefined ? '' : variantOf(record);
}

function isKnown({ base, next, beside, paired }: Measured): boolean {
  const others = beside === undefined ? [] : [beside.base, beside.next];
  return [...(paired ? [] : [base]), next, ...others].every(({ values }) => values.length >= MIN_TRIALS);
}

function checked(measured: Measured, alpha: number): Check {
  const { name, figure, base, next, beside, paired = false } = measured;
  const known = {
    cell: name,
    check: `figure: ${figure.name}`,
    p: null,
    alpha: null,
    trials: next.trials,
    baseTrials: base.trials.length,
    nextTrials: next.trials.length,
  };
  if (!isKnown(measured)) {
    const missing = beside === undefined ? '' : `, and of ${beside.name}`;
    const message = `known of ${base.trials.length} trials of BASE and ${next.trials.length} of NEW; ${MIN_TRIALS} of each are wanted${missing}`;
    return { ...known, verdict: 'undecided', base: null, next: null, bound: null, message };
  }
  const spread = ({ values }: Values): Spread => spreadOf(values.map(figure.scale.to));
  const after = spread(next);
  const before = paired
    ? { ...after, mean: figure.scale.to(base.values[0] ?? 1), deviation: 0 }
    : spread(base);
  const others =
    beside === undefined ? undefined : { before: spread(beside.base), after: spread(beside.next) };
  const seenBeside = others === undefined ? 0 : others.after.mean - others.before.mean;
  // Not all that takes time takes it from the CPU: a faster machine need not make it shorter.
  const shift = figure.beside === 'speed' ? Math.max(0, seenBeside) : seenBeside;
  const margin = contrastMargin([before, after, ...Object.values(others ?? {})], alpha);
  const { from } = figure.scale;
  const [centre, expected, seen] = [from(before.mean), from(before.mean + shift), from(after.mean)];
  const byChance = from(before.mean + shift + margin);
  const limit = figure.limit(expected);
  const bound = Math.max(byChance, limit);
  const because = byChance > limit ? 'the limit of chance' : 'the effect that matters';
  const relative =
    beside === undefined ? '' : `; ${number(expected)} are expected, as ${beside.name} differs as well`;
  const alone = figure.beside !== 'nothing' && beside === undefined ? MACHINE : '';
  return {
    ...known,
    base: centre,
    next: seen,
    bound,
    verdict: verdictOf(seen, limit, bound, alone === ''),
    message: `${number(centre)} in BASE (${base.trials.length} trials), ${number(seen)} in NEW (${next.trials.length})${relative}; bound ${number(bound)}, ${because}${alone}`,
  };
}

const MACHINE = '; nothing is known beside which to see it, so that it may be the machine';

function verdictOf(seen: number, limit: number, bound: number, canDecide: boolean): CheckVerdict {
  if (seen > bound && canDecide) return 'worse';
  return seen > limit ? 'changed' : 'same';
}

function number(value: number): string {
  return String(Number(value.toPrecision(5)));
}
