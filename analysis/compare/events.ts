/** Checks of what happens in a trial or does not: labels, gates, how the upgrade ended, trials that say nothing. */
import { labelOf } from '../containment.ts';
import { isUndecided, type JudgedTrial } from '../judge.ts';
import { NO_UPGRADE } from '../references.ts';
import { type Contrast, IMPACTS, type Impact } from '../rules.ts';
import { type CellSide, type ComparedCell, isFaultyCell, isPositiveCell } from './cells.ts';
import {
  type Asked,
  type Excuse,
  NO_EXCUSE,
  slowerMachine,
  THRESHOLDS,
  timeToEnd,
  timeToGate,
} from './excuse.ts';

/** How often something for the worse happened in one cell of either campaign. */
export interface EventCount {
  readonly cell: ComparedCell;
  /** Such as `impact: full outage`. */
  readonly check: string;
  /** What the event is, as the end of a sentence: `12 of 20 trials ...`. */
  readonly event: string;
  readonly base: Counted;
  readonly next: Counted;
  /** Trials of NEW that met it and are no evidence against the build, and why not. */
  readonly excused: readonly string[];
  readonly excuse: string;
}

/** Trials that could have met the event, and those that did. */
export interface Counted {
  readonly of: readonly string[];
  readonly met: readonly string[];
}

/** What of a comparison matters to each of its cells. */
export interface Circumstances {
  /** In which labels are compared. */
  readonly contrast: Contrast;
  /** How many times as slow the machine was in NEW under the cell's conditions, at least 1; undefined where nothing tells. */
  readonly slowdown: number | undefined;
  /** What must be seen in positive controls, by the name that stands in the place of a fault. */
  readonly harms: ReadonlyMap<string, Impact>;
}

/**
 * Latency is compared as a figure: on a slower day all trials near its bound would get the label together.
 */
const MEASURED: Impact = 'increased latency';
const LABELLED = IMPACTS.filter((impact) => impact !== MEASURED);

/** All event checks of a cell. */
export function eventsOf(cell: ComparedCell, circumstances: Circumstances): EventCount[] {
  if (isPositiveCell(cell)) return [...harmEvents(cell, circumstances), lossEvent(cell)];
  const { contrast, slowdown } = circumstances;
  return [
    ...LABELLED.map((impact) => impactEvent(cell, impact, circumstances)),
    undecidedEvent(cell, contrast),
    ...(isFaultyCell(cell) && cell.approach !== NO_UPGRADE ? gateEvents(cell, slowdown) : []),
    ...(cell.type === 0 ? controlEvents(cell) : []),
    ...(cell.approach === NO_UPGRADE ? [] : endEvents(cell, slowdown)),
    lossEvent(cell),
  ];
}

function counted(
  cell: ComparedCell,
  check: string,
  event: string,
  asked: Asked,
  { why, holds }: Excuse = NO_EXCUSE,
): EventCount {
  const met = ({ trials }: CellSide) => trials.filter((trial) => asked(trial) === true);
  const count = (side: CellSide): Counted => ({
    of: idsOf(side.trials.filter((trial) => asked(trial) !== undefined)),
    met: idsOf(met(side)),
  });
  const excused = idsOf(met(cell.next).filter(holds));
  return { cell, check, event, base: count(cell.base), next: count(cell.next), excused, excuse: why };
}

function impactEvent(cell: ComparedCell, impact: Impact, { contrast, slowdown }: Circumstances): EventCount {
  const asked = labelled(impact, contrast);
  const threshold = THRESHOLDS[impact];
  const excuse = threshold === undefined ? NO_EXCUSE : slowerMachine(cell, asked, threshold, slowdown);
  return counted(cell, `impact: ${impact}`, `are labelled ${impact}`, asked, excuse);
}

/**
 * A label that can no longer be given hides what it would have said. That the machine was overloaded is the day's doing; that
 * no control ended in the state of a trial is told by the checks of how upgrades end.
 */
function undecidedEvent(cell: ComparedCell, contrast: Contrast): EventCount {
  const before = new Set(completedOf(cell.base).map(({ record }) => record.upgrade.finalState));
  return counted(
    cell,
    'labels: undecided',
    'have an impact that could not be decided',
    (trial) => (trial.record.outcome === 'completed' ? isUndecided(trial, contrast, LABELLED) : undefined),
    {
      why: 'their machine was overloaded, or they ended in a state in which none of BASE did',
      holds: ({ record, figures }) => figures.overload.length > 0 || !before.has(record.upgrade.finalState),
    },
  );
}

/** Known harm that is noticed less often: the judgement became blind, or the harm smaller. Latency moves with the day. */
function harmEvents(cell: ComparedCell, { contrast, harms }: Circumstances): EventCount[] {
  const harm = harms.get(cell.fault);
  if (harm === undefined) return [];
  const noticed = labelled(harm, contrast);
  return [
    counted(
      cell,
      `known harm: ${harm}`,
      `are not labelled ${harm}, which was done to their users`,
      (trial) => (trial.record.outcome === 'completed' ? noticed(trial) !== true : undefined),
      { why: 'latency differs from day to day', holds: () => harm === MEASURED },
    ),
  ];
}

function labelled(impact: Impact, contrast: Contrast): Asked {
  return ({ labels }) => {
    const label = labelOf(labels, contrast, impact);
    return label === 'inconclusive' ? undefined : label === 'yes';
  };
}

/** A fault that nothing stopped any more, and, gate by gate, one that it was asked about and let through. */
function gateEvents(cell: ComparedCell, slowdown: number | undefined): EventCount[] {
  const sides = [cell.base, cell.next];
  const sideOf = (trial: JudgedTrial) => (cell.base.trials.includes(trial) ? cell.base : cell.next);
  const checksOf = (trial: JudgedTrial) => sideOf(trial).gatesOf(trial);
  const gates = sides.flatMap((side) =>
    side.trials.flatMap((trial) => side.gatesOf(trial).map(({ gate }) => gate)),
  );
  const passed: Asked = (trial) => (isConfirmed(trial) ? !isStopped(trial) : undefined);
  return [
    counted(
      cell,
      'gates: any',
      'were stopped by no gate',
      passed,
      slowerMachine(cell, passed, timeToGate, slowdown),
    ),
    ...[...new Set(gates)].sort().map((gate) =>
      counted(cell, `gate: ${gate}`, `were let through by the gate ${gate}`, (trial) => {
        const check = isConfirmed(trial) ? checksOf(trial).find((one) => one.gate === gate) : undefined;
        return check === undefined ? undefined : !check.failed;
      }),
    ),
  ];
}

/** A completed trial whose fault was confirmed. */
function isConfirmed({ containment }: JudgedTrial): boolean {
  return containment !== '' && containment !== 'not-reached' && containment !== 'inapplicable';
}

/**
 * On sound systems, each thing that is open and each provocation that is not stood is looked at by its name; what is
 * open, by the state that the trial ended in, for releases differ in that by intention.
 */
function controlEvents(cell: ComparedCell): EventCount[] {
  const completed = [cell.base, cell.next].flatMap(completedOf);
  const exposures = new Map(
    completed.flatMap(({ figures }) =>
      [...figures.posture].flatMap(([probe, seen]) =>
        seen.map((exposure) => [`${probe}: ${exposure}`, { probe, exposure }] as const),
      ),
    ),
  );
  const provocations = new Set(completed.flatMap(({ figures }) => [...figures.provocations.keys()]));
  const states = [...new Set(completed.map(({ record }) => record.upgrade.finalState))].sort();
  return [
    ...[...exposures.keys()].sort().flatMap((name) => {
      const { probe = '', exposure = '' } = exposures.get(name) ?? {};
      const counts = states.map((state) =>
        counted(cell, `exposure: ${name}`, `expose ${name}`, ({ record, figures }) =>
          record.upgrade.finalState === state ? figures.posture.get(probe)?.includes(exposure) : undefined,
        ),
      );
      return counts.every(isConstant) ? [] : counts;
    }),
    ...[...provocations].sort().map((name) =>
      counted(cell, `provocation: ${name}`, `do not stand ${name}`, ({ figures }) => {
        const held = figures.provocations.get(name);
        return held === undefined ? undefined : !held;
      }),
    ),
  ];
}

/** Whether all trials or none met the event: nothing to tell about it. */
function isConstant({ base, next }: EventCount): boolean {
  const met = base.met.length + next.met.length;
  return met === 0 || met === base.of.length + next.of.length;
}

/** Every upgrade has to end, be it by a gate; without a fault by none. */
function endEvents(cell: ComparedCell, slowdown: number | undefined): EventCount[] {
  const of = (met: (trial: JudgedTrial) => boolean): Asked => {
    return (trial) => (trial.record.outcome === 'completed' ? met(trial) : undefined);
  };
  const stuck = of(({ record }) => record.upgrade.outcome === 'stuck');
  const excuse = slowerMachine(cell, stuck, timeToEnd, slowdown);
  return [
    counted(cell, 'upgrade: end', 'did not come to an end', stuck, excuse),
    ...(cell.type === 0
      ? [counted(cell, 'upgrade: stopped', 'were stopped without a fault', of(isStopped))]
      : []),
  ];
}

function isStopped({ record: { upgrade } }: JudgedTrial): boolean {
  return upgrade.outcome === 'stopped' || upgrade.outcome === 'rolled-back';
}

/** A fault that applies nowhere in the cell is asked about in vain; one that applies no more is lost. */
function lossEvent(cell: ComparedCell): EventCount {
  const applies = [...cell.base.trials, ...cell.next.trials].some(
    ({ record }) => record.outcome !== 'not-applicable',
  );
  return counted(
    cell,
    'trials lost',
    'say nothing (not injected, not reached, not applicable, failed in the testbed)',
    ({ record }) => (applies ? record.outcome !== 'completed' : undefined),
    { why: 'the testbed failed', holds: ({ record }) => record.outcome === 'harness-failed' },
  );
}

function completedOf({ trials }: CellSide): readonly JudgedTrial[] {
  return trials.filter(({ record }) => record.outcome === 'completed');
}

function idsOf(trials: readonly JudgedTrial[]): string[] {
  return trials.map(({ record }) => record.trialId);
}
