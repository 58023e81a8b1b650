/**
 * The container engine, as testcontainers finds it. Everything the testbed makes carries labels, so that it
 * can be found and removed whatever becomes of the process that made it.
 */
import { existsSync } from 'node:fs';
import type Dockerode from 'dockerode';
import { getContainerRuntimeClient } from 'testcontainers';

/** Label of everything the testbed makes; its value is the campaign. */
export const CAMPAIGN_LABEL = 'upfault';
/** Label that names the process that made it: `PID:START:BOOT`, see `owner.ts`. */
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
      throw new EngineError('connect to the container engine: none answers; run `./upfault setup`', {
        cause,
      });
    },
  );
  const { socketPath, host } = engine.modem as { socketPath?: string; host?: string };
  if (socketPath === undefined)
    throw new RemoteEngineError(
      `connect to the container engine: it is at ${host}; allowed is one at a socket of this machine (DOCKER_HOST=unix://...), where clients and containers meet on 127.0.0.1`,
    );
  return engine;
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
