/** Checks of what happens in a trial or does not: labels, gates, how the upgrade ended, trials that say nothing. */
import type { JudgedTrial } from '../judge.ts';
import { NO_UPGRADE } from '../references.ts';
import { type Contrast, IMPACTS, type Impact } from '../rules.ts';
import type { CellSide, ComparedCell } from './cells.ts';

/** How often something for the worse happened in one cell of either campaign. */
export interface EventCount {
  readonly cell: ComparedCell;
  /** Such as `impact: full outage`. */
  readonly check: string;
  /** What the event is, as the end of a sentence: `12 of 20 trials ...`. */
  readonly event: string;
  readonly base: Counted;
  readonly next: Counted;
}

/** Trials that could have met the event, and those that did. */
export interface Counted {
  readonly of: readonly string[];
  readonly met: readonly string[];
}

/**
 * Latency is compared as a figure: on a slower day all trials near its bound would get the label together.
 */
const MEASURED: Impact = 'increased latency';

/** Whether a trial met an event; undefined where it says nothing of it. */
type Asked = (trial: JudgedTrial) => boolean | undefined;

/** All event checks of a cell. @param contrast in which labels are compared */
export function eventsOf(cell: ComparedCell, contrast: Contrast): EventCount[] {
  return [
    ...IMPACTS.filter((impact) => impact !== MEASURED).map((impact) =>
      counted(cell, `impact: ${impact}`, `are labelled ${impact}`, labelled(impact, contrast)),
    ),
    ...gateEvents(cell),
    ...(cell.type === 0 ? controlEvents(cell) : []),
    ...(cell.approach === NO_UPGRADE ? [] : [endEvent(cell)]),
    lossEvent(cell),
  ];
}

function counted(cell: ComparedCell, check: string, event: string, asked: Asked): EventCount {
  const count = ({ trials }: CellSide): Counted => {
    const known = trials.filter((trial) => asked(trial) !== undefined);
    return { of: idsOf(known), met: idsOf(known.filter((trial) => asked(trial) === true)) };
  };
  return { cell, check, event, base: count(cell.base), next: count(cell.next) };
}

function labelled(impact: string, contrast: Contrast): Asked {
  return ({ labels }) => {
    const found = labels.find((label) => label.impact === impact && label.contrast === contrast);
    return found === undefined || found.decision.label === 'inconclusive'
      ? undefined
      : found.decision.label === 'yes';
  };
}

/** A fault that nothing stopped any more, and, gate by gate, one that it was asked about and let through. */
function gateEvents(cell: ComparedCell): EventCount[] {
  if (cell.type === 0 || cell.approach === NO_UPGRADE) return [];
  const sides = [cell.base, cell.next];
  const sideOf = (trial: JudgedTrial) => (cell.base.trials.includes(trial) ? cell.base : cell.next);
  const checksOf = (trial: JudgedTrial) => sideOf(trial).gatesOf(trial);
  const gates = sides.flatMap((side) =>
    side.trials.flatMap((trial) => side.gatesOf(trial).map(({ gate }) => gate)),
  );
  return [
    counted(cell, 'gates: any', 'were stopped by no gate', (trial) =>
      isDecided(trial)
        ? trial.record.upgrade.outcome === 'upgraded' || trial.record.upgrade.outcome === 'stuck'
        : undefined,
    ),
    ...[...new Set(gates)].sort().map((gate) =>
      counted(cell, `gate: ${gate}`, `were let through by the gate ${gate}`, (trial) => {
        const check = isDecided(trial) ? checksOf(trial).find((one) => one.gate === gate) : undefined;
        return check === undefined ? undefined : !check.failed;
      }),
    ),
  ];
}

/** A completed trial whose fault was confirmed. */
function isDecided({ containment }: JudgedTrial): boolean {
  return containment !== '' && containment !== 'not-reached' && containment !== 'inapplicable';
}

/**
 * On sound systems, each thing that is open and each provocation that is not stood is looked at by its name; what is
 * open, by the state that the trial ended in, for releases differ in that by intention.
 */
function controlEvents(cell: ComparedCell): EventCount[] {
  const completed = [...cell.base.trials, ...cell.next.trials].filter(
    ({ record }) => record.outcome === 'completed',
  );
  const exposures = new Set(completed.flatMap(({ figures }) => figures.exposures ?? []));
  const provocations = new Set(completed.flatMap(({ figures }) => [...figures.provocations.keys()]));
  const states = [...new Set(completed.map(({ record }) => record.upgrade.finalState))].sort();
  return [
    ...[...exposures].sort().flatMap((name) => {
      const counts = states.map((state) =>
        counted(cell, `exposure: ${name}`, `expose ${name}`, ({ record, figures }) =>
          record.upgrade.finalState === state ? figures.exposures?.includes(name) : undefined,
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

/** Without a fault an upgrade has to come to its end; with one it has to end, be it by a gate. */
function endEvent(cell: ComparedCell): EventCount {
  const missed = cell.type === 0 ? 'did not go to their end' : 'had not ended when the horizon was over';
  return counted(cell, 'upgrade: end', missed, ({ record }) => {
    if (record.outcome !== 'completed') return undefined;
    return cell.type === 0 ? record.upgrade.outcome !== 'upgraded' : record.upgrade.outcome === 'stuck';
  });
}

function lossEvent(cell: ComparedCell): EventCount {
  const count = ({ trials, unrecorded }: CellSide): Counted => {
    const asked = trials.filter(({ record }) => record.outcome !== 'not-applicable');
    const lost = asked.filter(({ record }) => LOST.includes(record.outcome));
    return { of: [...idsOf(asked), ...unrecorded], met: [...idsOf(lost), ...unrecorded] };
  };
  const event = 'say nothing (not injected, failed in the testbed, interrupted, damaged)';
  return { cell, check: 'trials lost', event, base: count(cell.base), next: count(cell.next) };
}

const LOST: readonly string[] = ['not-injected', 'harness-failed'];

function idsOf(trials: readonly JudgedTrial[]): string[] {
  return trials.map(({ record }) => record.trialId);
}
