/**
 * The container engine, as testcontainers finds it. Everything the testbed makes carries labels, so that it
 * can be found and removed whatever becomes of the process that made it.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import type Dockerode from 'dockerode';
import { getContainerRuntimeClient } from 'testcontainers';
import { limitCalls } from './call-limit.ts';

/** Label of everything the testbed makes; its value is the campaign. */
export const CAMPAIGN_LABEL = 'upfault';
/** Label that names the process that made it, see `owner.ts`. */
export const OWNER_LABEL = 'upfault.owner';

/** Where an engine usually listens. */
export const DOCKER_SOCKET = '/var/run/docker.sock';

/** The engine does not answer, or refused something; never an impact. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** The engine answers from another machine. */
export class RemoteEngineError extends EngineError {}

/**
 * Connects to the engine that answers, or says in one message what is wrong.
 * @throws RemoteEngineError for one that is not at a socket of this machine: clients go to 127.0.0.1, and it is this machine's load that is recorded
 */
export async function connectEngine(): Promise<Dockerode> {
  // The reaper's image cannot be had everywhere; our own watchdog and sweep clean up instead.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  if (process.env.DOCKER_HOST === undefined && !existsSync(DOCKER_SOCKET)) adoptPodman();
  const engine = await getContainerRuntimeClient().then(
    (client) => client.container.dockerode,
    (cause: unknown) => {
      const barred = barredSocket();
      const why = barred === undefined ? 'none answers; run `./upfault setup`' : barredText(barred);
      throw new EngineError(`connect to the container engine: ${why}`, { cause });
    },
  );
  const { socketPath, host } = engine.modem as { socketPath?: string; host?: string };
  if (socketPath === undefined)
    throw new RemoteEngineError(
      `connect to the container engine: it is at ${host}; allowed is one at a socket of this machine (DOCKER_HOST=unix://...), where clients and containers meet on 127.0.0.1`,
    );
  limitCalls(engine);
  return engine;
}

/** What an engine says of itself and of the limits that it can set, as far as it does. */
export interface EngineLimits {
  readonly Name?: string;
  readonly OperatingSystem?: string;
  readonly ServerVersion?: string;
  readonly CpuCfsQuota?: boolean;
  readonly CpuCfsPeriod?: boolean;
  readonly MemoryLimit?: boolean;
}

/**
 * Refuses an engine that would run hosts without their budgets, which it does without a word: a rootless one to which
 * nobody has delegated the control of CPUs or memory.
 */
export function assertLimits(engine: EngineLimits): void {
  const { CpuCfsQuota, CpuCfsPeriod, MemoryLimit, Name, OperatingSystem, ServerVersion } = engine;
  const missing = Object.entries({ CpuCfsQuota, CpuCfsPeriod, MemoryLimit }).flatMap(([name, has]) =>
    has === false ? [name] : [],
  );
  if (missing.length === 0) return;
  const called = [ServerVersion, OperatingSystem, Name].filter(Boolean).join(', ') || 'without a name';
  throw new EngineError(
    `limit hosts: the container engine (${called}) cannot: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} false; each host's budget of CPU and memory is wanted: an engine that runs as root, or one to whose user the controllers cpu and memory are delegated`,
  );
}

/** The engine's socket where it is there and this user may not use it. */
export function barredSocket(): string | undefined {
  const { DOCKER_HOST: host } = process.env;
  const socket = host === undefined ? DOCKER_SOCKET : host.startsWith('unix://') ? host.slice(7) : undefined;
  if (socket === undefined) return undefined;
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? socket : undefined;
  }
}

/** What to do about a socket that is barred. */
export function barredText(socket: string): string {
  return `this user may not use ${socket}; join the group that owns it (usually docker) and log in again, or be root`;
}

/** Podman speaks the same protocol at addresses of its own, which testcontainers does not look at. */
function adoptPodman(): void {
  const user = process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  const socket = [`${user}/podman/podman.sock`, '/run/podman/podman.sock'].find((path) => existsSync(path));
  if (socket !== undefined) process.env.DOCKER_HOST = `unix://${socket}`;
}

/** Rejects when the engine that was connected to does not answer any more. */
export async function assertEngineAnswers(engine: Dockerode): Promise<void> {
  try {
    await engine.ping();
  } catch (cause) {
    throw new EngineError(
      'the container engine does not answer any more; the trials recorded so far are kept, --resume goes on',
      {
        cause,
      },
    );
  }
}

/** Whether an engine's refusal means that the thing is not there. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** Whether an engine's refusal means a conflict with something that is there, or is being removed. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** Whether an engine forbids what was asked for as things stand. */
export function isForbidden(error: unknown): boolean {
  return statusOf(error) === 403;
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}
