/**
 * Faults that are one configuration file written wrongly: the edit of the steps that write it, and where its evidence
 * is read. The server that runs is asked as soon as it runs with the file. On a host of the old universe, which the
 * operator mistakes for the new one, nothing makes a server read the file yet: there the file itself is looked at.
 */
import type { EditContext, EditResult, PlacedObservation } from '../harness/contract/fault.ts';
import type { Evidence, Observation, Reading } from '../harness/contract/observation.ts';
import type { ExecStep, Step, StepId, WriteStep } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { replace } from './edits.ts';
import { evidenceFrom, type Judge, matched } from './evidence.ts';

/** What is written wrongly, where, and how it is seen. */
export interface WrongConfiguration {
  readonly fault: string;
  /** The file, and the hosts on which it is written wrongly. */
  readonly path: string;
  readonly hosts: readonly HostName[];
  /** What the operator makes of the file's text; the same text where there is nothing in it to get wrong. */
  readonly wrong: (content: string, host: HostName) => string;
  readonly note: string;
  /** What is asked once the host's server runs with the file, or when the upgrade has ended. */
  readonly look: (host: HostName) => Observation;
  readonly at?: 'end';
  /** Another host that asks; the host itself when absent. */
  readonly lookFrom?: HostName;
  /** Why the fault does not apply where no step writes such a file. */
  readonly otherwise: string;
}

/** The edit, and its observations `running-HOST`, or `file-HOST` on the old universe's hosts. */
export function misconfigured(context: EditContext, wrongly: WrongConfiguration): EditResult {
  const { steps, universe, observe } = context;
  const { fault, wrong } = wrongly;
  const isMet = (step: Step): step is WriteStep =>
    step.kind === 'write' &&
    step.path === wrongly.path &&
    wrongly.hosts.includes(step.host) &&
    wrong(step.content, step.host) !== step.content;
  const met = steps.filter(isMet);
  if (met.length === 0) return { applies: false, reason: wrongly.otherwise };
  const lastOfHost = new Map(met.map((step) => [step.host, step]));
  return {
    applies: true,
    steps: replace(
      fault,
      steps,
      isMet,
      (step) => ({ ...step, content: wrong(step.content, step.host) }),
      wrongly.note,
    ),
    observe: [...lastOfHost.values()].map((step): PlacedObservation => {
      const { host, path, content, id } = step;
      if (step.universe !== universe) {
        const look = lookAtFile(path, content, wrong(content, host));
        return { after: id, step: observe(`file-${host}`, host, look) };
      }
      const from = wrongly.lookFrom ?? host;
      const after = wrongly.at ?? runsWith(steps, step);
      return { after, step: observe(`running-${host}`, from, wrongly.look(host)) };
    }),
  };
}

/** Evidence from what was read of files and of running servers; `judge` is for the latter. */
export function misconfiguredEvidence(readings: readonly Reading[], judge: Judge): Evidence {
  const isOfFile = ({ stepId }: Reading) => stepId.includes('/file-');
  const ofFiles = readings.filter(isOfFile);
  return ofFiles.length > 0
    ? evidenceFrom(ofFiles, matched('the next start takes the file as it is'))
    : evidenceFrom(readings, judge);
}

/**
 * The step after which the host's server runs with what a step has written or done: the first that starts or reloads one
 * there. A procedure without one has its servers as they are by its end.
 */
export function runsWith(steps: readonly Step[], { id, host }: WriteStep | ExecStep): StepId | 'end' {
  const later = steps.slice(steps.findIndex((step) => step.id === id) + 1);
  const starts = later.find(
    (step) => step.kind === 'service' && step.host === host && step.action !== 'stop',
  );
  return starts?.id ?? 'end';
}

/** Finds a line that only the wrong text has; or, where it only lacks lines, that one of them is not there. */
function lookAtFile(path: string, right: string, wrong: string): Observation {
  const only = (one: string, other: string) =>
    one.split('\n').find((line) => line.trim() !== '' && !other.split('\n').includes(line));
  const added = only(wrong, right);
  if (added !== undefined) return { read: 'command', argv: ['grep', '-nxF', '-e', added, path] };
  const lacking = only(right, wrong) ?? '';
  return { read: 'command', argv: ['sh', '-c', LOOK_FOR_LACK, 'look', lacking, path] };
}

/** Exit code 0: the line is not in the file; 1: it is; 2: no file to read. */
const LOOK_FOR_LACK =
  '[ -r "$2" ] || { echo "$2: cannot be read" >&2; exit 2; }; grep -qxF -e "$1" "$2" && exit 1; echo "not there: $1"';
