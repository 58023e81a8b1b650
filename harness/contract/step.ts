/**
 * The steps of an upgrade plan. A step is plain data (JSON) and complete in itself: the upgrader that runs
 * it knows nothing of scenarios, approaches or faults. Text in steps may hold placeholders such as
 * `@@address:db1@@`, `@@secret:root-password@@` or `@@pem:site.crt@@`, which the upgrader fills in, so that
 * the same seed gives the same plan byte for byte and no secret is stored.
 */
import type { Exchange } from './exchange.ts';
import type { ImagoAction, UniverseEntry } from './imago-step.ts';
import type { Observation } from './observation.ts';
import type { Projection } from './projection.ts';
import type { HostName, MachineDeviation, Release, Universe } from './topology.ts';

/** Stable identity of a step: `web1/configure-httpd`; the same under every approach that has the step. */
export type StepId = string;

/** What a fault did to a step; present only on steps that an edit touched. */
export interface EditMark {
  /** Name of the fault. */
  readonly fault: string;
  readonly change: 'omitted' | 'replaced' | 'inserted' | 'moved' | 'interrupted';
  /** One line for people: what was changed. */
  readonly note: string;
}

/** Where a step runs beside others. */
export interface Lane {
  /** Name of the stretch. */
  readonly stretch: string;
  readonly host: HostName;
}

interface StepBase {
  readonly id: StepId;
  /** One line for people: what the operator does here. */
  readonly title: string;
  /** Universe that the step acts on; `old` for everything that happens in place. */
  readonly universe: Universe;
  readonly edit?: EditMark;
  /**
   * Steps of one stretch that follow each other run side by side, host by host, and in order on each host. Any other step
   * waits for all of them.
   */
  readonly lane?: Lane;
  /** From here on the former release could not serve any more: who would roll back halts instead. */
  readonly noReturn?: true;
  /**
   * In a way back: run only where the upgrade came as far as one of these steps, whatever became of it there. A step
   * without it is always run.
   */
  readonly undoes?: readonly StepId[];
}

interface HostStepBase extends StepBase {
  readonly host: HostName;
}

/** A command on a host, without a shell unless it names one. */
export interface Command {
  readonly host: HostName;
  readonly argv: readonly string[];
}

/** Recreates the host's container from the image of a release; address and volumes stay. */
export interface InstallStep extends HostStepBase {
  readonly kind: 'install';
  readonly image: string;
  readonly release: Release;
  /** Where an operator departs from the machine's specification; absent in a sound procedure. */
  readonly deviation?: MachineDeviation;
}

/** Writes a file, atomically. */
export interface WriteStep extends HostStepBase {
  readonly kind: 'write';
  readonly path: string;
  readonly content: string;
  /** Octal, as `0644`. */
  readonly mode: string;
  /** `user:group`; root when absent. */
  readonly owner?: string;
}

/** Copies an artifact (a file or folder of the repository) onto the host. */
export interface PutStep extends HostStepBase {
  readonly kind: 'put';
  /** Path relative to the repository. */
  readonly artifact: string;
  /** Destination directory or file on the host. */
  readonly path: string;
  readonly mode: string;
}

/** Copies a file of another host, which may be of the other universe, under a path of its own. */
export interface CarryStep extends HostStepBase {
  readonly kind: 'carry';
  readonly from: { readonly universe: Universe; readonly host: HostName; readonly path: string };
  readonly path: string;
}

/** Runs a command; a non-zero exit code is a failed step. */
export interface ExecStep extends HostStepBase {
  readonly kind: 'exec';
  readonly argv: readonly string[];
}

/** Runs SQL statements on a database host as its administrator. */
export interface SqlStep extends HostStepBase {
  readonly kind: 'sql';
  readonly database: string;
  readonly statements: string;
}

/** Converts old rows into a target table through a projection, in key-ordered chunks. */
export interface ConvertStep extends HostStepBase {
  readonly kind: 'convert';
  readonly database: string;
  readonly projection: Projection;
  readonly chunkRows: number;
}

/** Starts, stops or reloads a service inside a host. */
export interface ServiceStep extends HostStepBase {
  readonly kind: 'service';
  readonly service: string;
  readonly action: 'start' | 'stop' | 'reload';
  readonly argv: readonly string[];
  /**
   * Where the service is a client beside the measured ones: the file of its writes (see `Facts.directClient`). What was
   * acknowledged to it is owed like what was to any client.
   */
  readonly notes?: string;
}

/** Takes a host out of its balancers' rotation (waiting until it is idle, bounded) or puts it back. */
export interface BalancerStep extends HostStepBase {
  readonly kind: 'balancer';
  readonly state: 'drain' | 'ready';
  /** What is run on the balancers to bring that about, on all at the same time. */
  readonly commands: readonly Command[];
}

/** A gate of the procedure: repeats a command until it exits 0 or time is up. */
export interface CheckStep extends HostStepBase {
  readonly kind: 'check';
  /** Name of the gate in records, such as `health`. */
  readonly gate: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
}

/** A gate of the procedure: a user's walk that enters the system at this host alone. */
export interface WalkStep extends HostStepBase {
  readonly kind: 'walk';
  /** Name of the gate in records, such as `integration-tests`. */
  readonly gate: string;
  readonly entry: UniverseEntry;
  readonly exchanges: readonly Exchange[];
  readonly timeoutMs: number;
}

/** Reads evidence; never changes anything; a reading that cannot be taken is recorded, not failed. */
export interface ObserveStep extends HostStepBase {
  readonly kind: 'observe';
  /** Fault whose evidence this looks for. */
  readonly fault: string;
  readonly observation: Observation;
}

/** Waits between hosts, so that trouble has time to show. */
export interface DwellStep extends StepBase {
  readonly kind: 'dwell';
  readonly seconds: number;
}

/** Steps that run at the same time; it ends when all have ended. */
export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly steps: readonly Step[];
}

/** A step that the procedure has and a fault left out: reaching it is recorded, nothing is done. */
export interface OmittedStep extends StepBase {
  readonly kind: 'omitted';
  readonly was: Step;
}

/** A step of Imago's own procedure. */
export interface ImagoStep extends StepBase {
  readonly kind: 'imago';
  readonly action: ImagoAction;
}

/** One action of an upgrade procedure. */
export type Step =
  | InstallStep
  | WriteStep
  | PutStep
  | CarryStep
  | ExecStep
  | SqlStep
  | ConvertStep
  | ServiceStep
  | BalancerStep
  | CheckStep
  | WalkStep
  | ObserveStep
  | DwellStep
  | ParallelStep
  | ImagoStep
  | OmittedStep;
