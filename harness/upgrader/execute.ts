/**
 * One step, carried out. A step that cannot be done throws `StepFailure` with what was seen; anything else
 * that is thrown is the testbed's own failure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { Reading } from '../contract/observation.ts';
import type { CheckStep, Command, ObserveStep, SqlStep, Step } from '../contract/step.ts';
import type { Universe } from '../contract/topology.ts';
import { isConflict, isForbidden, isNotFound } from '../provision/engine.ts';
import { isRunning, reinstallHost } from '../provision/host-container.ts';
import { type ExecResult, HostLostError } from '../provision/shell.ts';
import { type Bindings, fillIn, imageOf, universeOf } from './bindings.ts';
import { convert } from './convert.ts';
import type { HostAccess } from './host-access.ts';
import type { ImagoControl } from './imago-control.ts';
import { tellOf } from './imago-reading.ts';
import { executeImago } from './imago-step.ts';
import { commandOf, readingOf } from './observe.ts';
import { StepFailure } from './step-failure.ts';
import { walk } from './walk.ts';

/** What a step acts on. */
export interface World {
  readonly engine: Dockerode;
  readonly bindings: Bindings;
  readonly hosts: HostAccess;
  /** Milliseconds on the trial's clock. */
  readonly nowMs: () => number;
  /** Root of the repository, where artifacts lie. */
  readonly repository: string;
  /** Imago's machines, where the trial has them. */
  readonly imago?: ImagoControl | undefined;
  /** Told of every reading. */
  readonly onReading: (reading: Reading) => void;
}

/** Longest time for one command of a procedure, and for the backfill of one table. */
const COMMAND_TIMEOUT_MS = 20_000;
const BACKFILL_TIMEOUT_MS = 600_000;
/** Pause between two attempts of a check. */
const CHECK_INTERVAL_MS = 150;

/** Carries out a step and waits for it. */
export async function execute(step: Step, world: World): Promise<void> {
  const { universe } = step;
  const fill = (text: string) => fillIn(text, universe, world.bindings);
  switch (step.kind) {
    case 'install': {
      const map = universeOf(world.bindings, universe);
      world.hosts.forget(universe, step.host);
      return reinstallHost(world.engine, map, step.host, {
        image: imageOf(world.bindings, step.image, step.release),
        deviation: step.deviation,
      });
    }
    case 'write':
      return asStep(step, world, () =>
        world.hosts.writeFile(universe, step.host, { ...step, content: fill(step.content) }),
      );
    case 'put':
      return asStep(step, world, () =>
        world.hosts.put(universe, step.host, `${world.repository}/${step.artifact}`, step.path, step.mode),
      );
    case 'carry':
      return asStep(step, world, () => world.hosts.carry(step.from, step));
    case 'exec':
    case 'service':
      return succeed(step, universe, { host: step.host, argv: step.argv }, world);
    case 'balancer':
      return atOnce(step.commands, (command) => succeed(step, universe, command, world));
    case 'sql':
      return runSql(step, fill(step.statements), world);
    case 'convert':
      return asStep(step, world, () => convert(step, (statement) => query(step, statement, world)));
    case 'check':
      return check(step, world);
    case 'walk':
      return walk(step, world);
    case 'observe':
      return world.onReading(await observe(step, world));
    case 'dwell':
      return delay(step.seconds * 1000);
    case 'parallel':
      return atOnce(step.steps, (one) => execute(one, world));
    case 'imago':
      return executeImago(step, world);
    case 'omitted':
      return;
    default:
      return step satisfies never;
  }
}

/** Does all at the same time and waits for all, also when one fails: a step that has ended changes nothing more. */
async function atOnce<T>(parts: readonly T[], act: (part: T) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(parts.map(act));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function succeed(step: Step, universe: Universe, command: Command, world: World): Promise<void> {
  const argv = command.argv.map((word) => fillIn(word, universe, world.bindings));
  const result = await asStep(step, world, () =>
    world.hosts.exec(universe, command.host, argv, { timeoutMs: COMMAND_TIMEOUT_MS }),
  );
  if (result.exitCode !== 0)
    throw new StepFailure(`${step.id}: ${command.argv.join(' ')} on ${command.host}: ${seen(result)}`);
}

async function runSql(step: SqlStep, statements: string, world: World): Promise<void> {
  const result = await asStep(step, world, () =>
    world.hosts.exec(step.universe, step.host, ['mariadb', '--batch', step.database], {
      stdin: statements,
      timeoutMs: COMMAND_TIMEOUT_MS,
    }),
  );
  if (result.exitCode !== 0) throw new StepFailure(`${step.id}: statements on ${step.host}: ${seen(result)}`);
}

async function query(
  step: { host: string; universe: Universe; database: string },
  statement: string,
  world: World,
): Promise<ExecResult> {
  return world.hosts.exec(
    step.universe,
    step.host,
    ['mariadb', '--batch', '--skip-column-names', step.database],
    {
      stdin: statement,
      timeoutMs: BACKFILL_TIMEOUT_MS,
    },
  );
}

async function check(step: CheckStep, world: World): Promise<void> {
  const untilMs = world.nowMs() + step.timeoutMs;
  const argv = step.argv.map((word) => fillIn(word, step.universe, world.bindings));
  let last = 'not tried';
  do {
    const result = await asStep(step, world, () =>
      world.hosts.exec(step.universe, step.host, argv, { timeoutMs: 5_000 }),
    );
    if (result.exitCode === 0) return;
    last = seen(result);
    await delay(CHECK_INTERVAL_MS);
  } while (world.nowMs() < untilMs);
  throw new StepFailure(
    `${step.id}: gate ${step.gate} on ${step.host}: not passed after ${step.timeoutMs} ms (last: ${last})`,
  );
}

/** Takes a reading. One that cannot be taken is recorded with its reason. */
export async function observe(step: ObserveStep, world: World): Promise<Reading> {
  const { observation } = step;
  if (observation.read === 'imago')
    return readingOf(step, world.nowMs, () => tellOf(observation.machine, world.imago));
  const fill = (text: string) => fillIn(text, step.universe, world.bindings);
  const { argv, stdin } = commandOf(observation);
  return readingOf(step, world.nowMs, () =>
    world.hosts.exec(
      step.universe,
      step.host,
      argv.map(fill),
      stdin === undefined ? {} : { stdin: fill(stdin) },
    ),
  );
}

/**
 * A host that is not there, does not run, takes no file (its file system is read-only) or goes away is a failure of the step that met it, as an operator
 * would see it; everything else that is thrown, such as an engine that does not answer, is the testbed's. So is the
 * silence of a host that runs: a command is ended there when its time is up, and its answer was kept back by the engine.
 */
async function asStep<T>(step: Step, world: World, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isNotFound(error) || isConflict(error) || isForbidden(error))
      throw new StepFailure(`${step.id}: ${(error as Error).message}`, { cause: error });
    if (!(error instanceof HostLostError)) throw error;
    if ((await isRunning(world.engine, error.container)) && error.silent) throw error;
    throw new StepFailure(`${step.id}: ${error.message}`, { cause: error });
  }
}

function seen(result: ExecResult): string {
  const text = (result.stderr.trim() || result.stdout.trim()).replaceAll(/\s+/g, ' ');
  return `exit code ${result.exitCode} (${text === '' ? 'no output' : text.slice(-300)})`;
}
