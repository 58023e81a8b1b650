/** The container engine: the one that answers, else Debian's, started by us. Only its socket is talked to. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  barredSocket,
  barredText,
  connectEngine,
  DOCKER_SOCKET,
  RemoteEngineError,
} from '../provision/engine.ts';
import { processIdentity } from '../provision/owner.ts';
import { recordBrought } from './brought.ts';
import { installPackages, whyNoPackages } from './debian.ts';
import { findOnPath } from './executable.ts';
import { cacheFolder } from './folders.ts';
import type { Part } from './part.ts';
import { lastLines, runProgram } from './program.ts';
import { SetUpError } from './set-up-error.ts';

const PID_FILE = '/var/run/docker.pid';
const CONFIGURATION = '/etc/docker/daemon.json';
const ANSWER_TIMEOUT_MS = 15_000;
const START_TIMEOUT_MS = 60_000;
const SYSTEMD_TIMEOUT_MS = 60_000;

/** The engine that every container runs on. */
export const enginePart: Part = {
  name: 'engine',
  check: async () => {
    const found = await describeEngine();
    const barred = barredSocket();
    const missing = barred === undefined ? `no container engine answers (${askedOf()})` : barredText(barred);
    return found === undefined ? { ready: false, detail: missing } : { ready: true, detail: found };
  },
  provide: async (say) => {
    const barred = barredSocket();
    if (barred !== undefined) throw new SetUpError(`set up the engine: ${barredText(barred)}`);
    if (process.env.DOCKER_HOST !== undefined) {
      throw new SetUpError(
        `set up the engine: DOCKER_HOST is ${process.env.DOCKER_HOST} and nothing answers there; start it, or unset DOCKER_HOST`,
      );
    }
    if (isStarting()) {
      say('dockerd runs and does not answer yet: waiting for it');
      if (await answersWithin(START_TIMEOUT_MS, isStarting)) return;
      if (isStarting()) {
        throw new SetUpError(
          `set up the engine: dockerd runs, and its socket cannot be used after ${START_TIMEOUT_MS} ms; see its log`,
        );
      }
    }
    if (findOnPath('dockerd') === undefined) {
      const refusal = whyNoPackages();
      if (refusal !== undefined) {
        throw new SetUpError(
          `set up the engine: none answers (${askedOf()}), and none can be installed, because ${refusal}. ` +
            'Start Docker or Podman, or set DOCKER_HOST to its socket',
        );
      }
      say('none answers: installing the Debian packages docker.io and iptables');
      await installPackages(['docker.io', 'iptables'], 'set up the engine');
      // Where services are started by the installation, this one is on its way.
      if (existsSync('/run/systemd/system') && (await answersWithin(START_TIMEOUT_MS, () => true))) return;
    }
    if (process.getuid?.() !== 0) {
      throw new SetUpError(
        'set up the engine: dockerd is installed and not running, and only root may start it; start it, then repeat',
      );
    }
    await startEngine(say);
  },
};

async function startEngine(say: (line: string) => void): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    say('installed and not running: starting it with systemctl');
    const { exitCode, output } = await runProgram(['systemctl', 'start', 'docker'], {
      timeoutMs: SYSTEMD_TIMEOUT_MS,
    });
    if (exitCode !== 0)
      throw new SetUpError(
        `set up the engine: systemctl start docker ended with ${exitCode}: ${lastLines(output, 5)}`,
      );
    if (await answersWithin(START_TIMEOUT_MS, () => true)) return;
    throw new SetUpError(
      `set up the engine: started by systemctl, and it does not answer after ${START_TIMEOUT_MS} ms`,
    );
  }
  const log = join(cacheFolder(), 'dockerd.log');
  say(`installed and not running: starting dockerd (output in ${log})`);
  // In a session of its own and without our standard streams: it outlives this call, and whoever waits for
  // the end of our output (a CI run, a pipe) does not wait for the engine's.
  writeFileSync(log, '');
  const descriptor = openSync(log, 'a');
  // An engine that is told in two places how much to say refuses to start.
  const level = existsSync(CONFIGURATION) ? [] : ['--log-level', 'warn'];
  const child = spawn('dockerd', level, {
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    cwd: '/',
  });
  closeSync(descriptor);
  let running = true;
  child.on('error', () => (running = false));
  child.on('exit', () => (running = false));
  child.unref();
  if (child.pid !== undefined) recordBrought({ engine: processIdentity(child.pid) });
  if (await answersWithin(START_TIMEOUT_MS, () => running)) return;
  const seen = lastLines(readFileSync(log, 'utf8'), 8);
  throw new SetUpError(
    running
      ? `set up the engine: dockerd does not answer after ${START_TIMEOUT_MS} ms; the end of ${log}:\n${seen}`
      : `set up the engine: dockerd ended at once; the end of ${log}:\n${seen}`,
  );
}

/** Whether somebody's dockerd runs: two at a time refuse each other. */
function isStarting(): boolean {
  try {
    const pid = readFileSync(PID_FILE, 'utf8').trim();
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd';
  } catch {
    // No such file or no such process: none runs.
    return false;
  }
}

async function answersWithin(timeoutMs: number, isHopeful: () => boolean): Promise<boolean> {
  const deadline = process.hrtime.bigint() + BigInt(timeoutMs) * 1_000_000n;
  while (process.hrtime.bigint() < deadline && isHopeful()) {
    if ((await describeEngine()) !== undefined) return true;
    await delay(250);
  }
  return false;
}

/** Product, version and address of the engine that answers. */
async function describeEngine(): Promise<string | undefined> {
  const asking = ask();
  // A socket that accepts and never answers is not an engine.
  const silence = delay(ANSWER_TIMEOUT_MS, undefined, { ref: false });
  return await Promise.race([asking, silence]);
}

async function ask(): Promise<string | undefined> {
  try {
    const engine = await connectEngine();
    const version = await engine.version();
    const product = version.Components?.[0]?.Name ?? 'engine';
    const { socketPath } = engine.modem as { socketPath?: string };
    return `${product} ${version.Version} at ${socketPath}`;
  } catch (error) {
    if (error instanceof RemoteEngineError) throw error;
    // Why else is no matter here: the caller says that nothing answers, and what was asked.
    return undefined;
  }
}

function askedOf(): string {
  return process.env.DOCKER_HOST ?? `${DOCKER_SOCKET} and the rootless sockets of this user`;
}
