/**
 * One step, carried out. A step that cannot be done throws `StepFailure` with what was seen; anything else
 * that is thrown is the testbed's own failure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { Reading } from '../contract/observation.ts';
import type { CheckStep, Command, ObserveStep, SqlStep, Step } from '../contract/step.ts';
import type { Universe } from '../contract/topology.ts';
import { EngineError } from '../provision/engine.ts';
import type { ExecResult } from '../provision/exec.ts';
import { reinstallHost } from '../provision/host-container.ts';
import { BindingError, type Bindings, fillIn, imageOf, universeOf } from './bindings.ts';
import { convert } from './convert.ts';
import type { HostAccess } from './host-access.ts';
import { readingOf } from './observe.ts';

/** The procedure's step did not succeed: what an operator would see. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

/** What a step acts on. */
export interface World {
  readonly engine: Dockerode;
  readonly bindings: Bindings;
  readonly hosts: HostAccess;
  /** Milliseconds on the trial's clock. */
  readonly nowMs: () => number;
  /** Root of the repository, where artifacts lie. */
  readonly repository: string;
  /** Told of every reading. */
  readonly onReading: (reading: Reading) => void;
}

/** Longest time for one command of a procedure. */
const COMMAND_TIMEOUT_MS = 20_000;
/** Pause between two attempts of a check. */
const CHECK_INTERVAL_MS = 150;

/** Carries out a step and waits for it. */
export async function execute(step: Step, world: World): Promise<void> {
  const { universe } = step;
  const fill = (text: string) => fillIn(text, universe, world.bindings);
  switch (step.kind) {
    case 'install': {
      const map = universeOf(world.bindings, universe);
      return reinstallHost(world.engine, map, step.host, imageOf(world.bindings, step.image, step.release));
    }
    case 'write':
      return asStep(step, () =>
        world.hosts.writeFile(universe, step.host, { ...step, content: fill(step.content) }),
      );
    case 'put':
      return asStep(step, () =>
        world.hosts.put(universe, step.host, `${world.repository}/${step.artifact}`, step.path, step.mode),
      );
    case 'exec':
    case 'service':
      return succeed(step, universe, { host: step.host, argv: step.argv }, world);
    case 'balancer':
      for (const command of step.commands) await succeed(step, universe, command, world);
      return;
    case 'sql':
      return runSql(step, fill(step.statements), world);
    case 'convert':
      return asStep(step, () => convert(step, (statement) => query(step, statement, world)));
    case 'check':
      return check(step, world);
    case 'observe':
      return world.onReading(await observe(step, world));
    case 'dwell':
      return delay(step.seconds * 1000);
    case 'parallel':
      await Promise.all(step.steps.map((one) => execute(one, world)));
      return;
    case 'omitted':
      return;
    default:
      return step satisfies never;
  }
}

async function succeed(step: Step, universe: Universe, command: Command, world: World): Promise<void> {
  const argv = command.argv.map((word) => fillIn(word, universe, world.bindings));
  const result = await asStep(step, () =>
    world.hosts.exec(universe, command.host, argv, { timeoutMs: COMMAND_TIMEOUT_MS }),
  );
  if (result.exitCode !== 0)
    throw new StepFailure(`${step.id}: ${command.argv.join(' ')} on ${command.host}: ${seen(result)}`);
}

async function runSql(step: SqlStep, statements: string, world: World): Promise<void> {
  const result = await asStep(step, () =>
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
      timeoutMs: COMMAND_TIMEOUT_MS,
    },
  );
}

async function check(step: CheckStep, world: World): Promise<void> {
  const untilMs = world.nowMs() + step.timeoutMs;
  const argv = step.argv.map((word) => fillIn(word, step.universe, world.bindings));
  let last = 'not tried';
  do {
    const result = await asStep(step, () =>
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
  const fill = (text: string) => fillIn(text, step.universe, world.bindings);
  return readingOf(step, world.nowMs, (argv, stdin) =>
    world.hosts.exec(
      step.universe,
      step.host,
      argv.map(fill),
      stdin === undefined ? {} : { stdin: fill(stdin) },
    ),
  );
}

/**
 * An engine that no longer runs a host, and a file that cannot be written, are failures of the step that met
 * them; a missing binding and an engine that does not answer are the testbed's.
 */
async function asStep<T>(step: Step, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StepFailure || error instanceof BindingError) throw error;
    const code = (error as { statusCode?: number }).statusCode;
    if (error instanceof EngineError || (code !== undefined && code >= 500)) throw error;
    throw new StepFailure(`${step.id}: ${(error as Error).message}`, { cause: error });
  }
}

function seen(result: ExecResult): string {
  const text = (result.stderr.trim() || result.stdout.trim()).replaceAll(/\s+/g, ' ');
  return `exit code ${result.exitCode} (${text === '' ? 'no output' : text.slice(-300)})`;
}
