/** What provocations do to a system, each until the first trouble or its end. */
import type { Act, Visit } from '../contract/settle.ts';
import type { Step } from '../contract/step.ts';
import type { HostName, Tier } from '../contract/topology.ts';
import type { UniverseMap } from '../provision/universe.ts';
import { fillIn } from '../upgrader/bindings.ts';
import type { World } from '../upgrader/execute.ts';
import { type ExchangeClient, runExchanges } from './exchange.ts';
import type { OpenSessions } from './open-session.ts';
import { rebootHost } from './reboot.ts';
import { RECOVERY_LIMIT_MS, recover, type Walked } from './recovery.ts';
import {
  carryOut,
  isWell,
  provokedRestart,
  type Restart,
  type RestartSteps,
  withinRepairLimit,
} from './service-restart.ts';
import type { Soundness } from './soundness.ts';

/** The system that is provoked. */
export interface Provoked extends Walked {
  readonly serving: UniverseMap;
  readonly world: World;
  readonly restartSteps: RestartSteps;
  /** Steps by which a database server takes over from another. */
  readonly failOver: (from: HostName, to: HostName) => readonly Step[];
  readonly sessions: OpenSessions;
}

/** What an act came to. */
export interface Acted {
  /** What failed; empty where nothing did. */
  readonly trouble: string;
  /** When that was first seen, on the trial's clock; null where nothing was. */
  readonly atMs: number | null;
  /** Hosts whose services were restarted and that passed their health check. */
  readonly well: readonly HostName[];
}

const NOTHING: Acted = { trouble: '', atMs: null, well: [] };

/** Acts. Rejects with what kept the testbed from it. */
export async function act(name: string, how: Act, provoked: Provoked, state: Soundness): Promise<Acted> {
  switch (how.kind) {
    case 'restart':
      return each(provoked, [how.tier], (host) =>
        restart(host, provokedRestart(provoked.restartSteps(host), how), provoked, state),
      );
    case 'reboot':
      return reboot(how, provoked, state);
    case 'failover':
      return failOver(provoked);
    case 'exchanges':
      return visit(how, provoked);
    case 'hardship':
      return hardship(how, provoked);
    case 'inspection':
      return each(provoked, how.tiers, (host) => inspect(host, how.argv, provoked));
    case 'session': {
      const session = provoked.sessions.get(name);
      if (session === undefined) throw new Error(`${name}: was not begun before the upgrade`);
      if (session.trouble !== '') throw new Error(`${name}: could not begin: ${session.trouble}`);
      return visit({ exchanges: how.resume, concurrency: 1 }, provoked, session.client);
    }
    default:
      return how satisfies never;
  }
}

/** Makes exchanges; a client that goes on is given. */
export async function visit(
  { exchanges, concurrency }: Visit,
  { site, world }: Provoked,
  client?: ExchangeClient,
): Promise<Acted> {
  const startMs = world.nowMs();
  const { reason, firstFailureMs } = await runExchanges(site, exchanges, {
    concurrency,
    ...(client === undefined ? {} : { client }),
  });
  return { trouble: reason, atMs: firstFailureMs === null ? null : startMs + firstFailureMs, well: [] };
}

/** The same on every host of the tiers at the same time, to its end on each: what is done next must meet nothing half done. */
async function each(
  { serving }: Provoked,
  tiers: readonly Tier[],
  one: (host: HostName) => Promise<Acted>,
): Promise<Acted> {
  const hosts = Object.values(serving.specs).filter(({ tier }) => tiers.includes(tier));
  return together(await allEnded(hosts.map(({ name }) => one(name))));
}

/** What all came to, or, when all have ended, the first that was rejected. */
async function allEnded(acts: readonly Promise<Acted>[]): Promise<Acted[]> {
  await Promise.allSettled(acts);
  return Promise.all(acts);
}

/** What several came to: every trouble, and when the first was seen. */
function together(acted: readonly Acted[]): Acted {
  const times = acted.flatMap(({ atMs }) => (atMs === null ? [] : [atMs]));
  return {
    trouble: acted.flatMap(({ trouble }) => (trouble === '' ? [] : [trouble])).join('; '),
    atMs: times.length === 0 ? null : Math.min(...times),
    well: acted.flatMap(({ well }) => well),
  };
}

/**
 * Stops, starts and checks a host's services. A host that was not well before, and is not afterwards, is no trouble of the restart:
 * nothing was woken. What users have of it is asked after every provocation.
 */
async function restart(
  host: HostName,
  { stop, whileStopped, start }: Restart,
  provoked: Provoked,
  state: Soundness,
): Promise<Acted> {
  const { world, restartSteps } = provoked;
  // What mended it by now was something else.
  if (state.unwell.has(host) && (await isWell(host, restartSteps, world))) state.sound(host);
  const wasWell = !state.unwell.has(host);
  const stopped = await carryOut(stop, world);
  const between = stopped === '' ? await carryOut(whileStopped, world) : '';
  const started = await carryOut(wasWell ? start : withinRepairLimit(start), world);
  if (between !== '') throw new Error(between);
  if (started === '' && (stopped === '' || !wasWell)) return { ...NOTHING, well: [host] };
  state.unwell.add(host);
  const trouble = [stopped, started].filter(Boolean).join('; ');
  return wasWell ? { trouble, atMs: world.nowMs(), well: [] } : NOTHING;
}

/**
 * All machines at the same time; one after the other where they share storage, which lasts as long as one of them runs.
 */
async function reboot(
  { tier, role }: Extract<Act, { kind: 'reboot' }>,
  provoked: Provoked,
  state: Soundness,
): Promise<Acted> {
  const specs = Object.values(provoked.serving.specs).filter((spec) => spec.tier === tier);
  if (!specs.some(({ volumes }) => volumes.some(({ shared }) => shared)))
    return together(await allEnded(specs.map(({ name }) => rebootOne(name, role, provoked, state))));
  const acted: Acted[] = [];
  for (const { name } of specs) acted.push(await rebootOne(name, role, provoked, state));
  return together(acted);
}

async function rebootOne(
  host: HostName,
  role: Extract<Act, { kind: 'reboot' }>['role'],
  provoked: Provoked,
  state: Soundness,
): Promise<Acted> {
  const { serving, world, restartSteps } = provoked;
  const failed = (trouble: string): Acted => ({ trouble, atMs: world.nowMs(), well: [] });
  const ask = (argv: readonly string[]) =>
    world.hosts.exec(
      serving.universe,
      host,
      argv.map((word) => fillIn(word, serving.universe, world.bindings)),
    );
  if (!(await world.hosts.isRunning(serving.universe, host)))
    return state.unwell.has(host) ? NOTHING : failed(`reboot ${host}: there is no such machine`);
  const held = role !== undefined && (await ask(role.held)).exitCode === 0;
  const { stop, start } = provokedRestart(restartSteps(host));
  const stopped = await carryOut(stop, world);
  await rebootHost(world.engine, world.hosts, serving, host);
  const up = await restart(host, { stop: [], whileStopped: [], start }, provoked, state);
  const taken = held ? await ask(role.take) : undefined;
  if (up.trouble !== '') return failed([stopped, up.trouble].filter(Boolean).join('; '));
  // A service that was not up could not be stopped either.
  if (stopped !== '' && !state.unwell.has(host)) return failed(stopped);
  if (taken !== undefined && taken.exitCode !== 0) return failed(`reboot ${host}: ${taken.stderr.trim()}`);
  return up;
}

/** There and back, so that what is done next meets the system as it was. */
async function failOver(provoked: Provoked): Promise<Acted> {
  const { serving, world } = provoked;
  const databases = Object.values(serving.specs).flatMap(({ name, tier }) => (tier === 'db' ? [name] : []));
  const writable = await Promise.all(databases.map((host) => isWritable(host, provoked)));
  const primary = databases.find((_, index) => writable[index]);
  const replica = databases.find((host) => host !== primary);
  if (primary === undefined || replica === undefined)
    return {
      trouble: `fail over: ${databases.join(', ')}: none takes writes`,
      atMs: world.nowMs(),
      well: [],
    };
  const there = await takeOver(primary, replica, provoked);
  if (!there.done) return there;
  return together([there, await takeOver(replica, primary, provoked)]);
}

/** One way of a failover, and whether it was done; else it is undone as far as that is possible, so that somebody takes writes. */
async function takeOver(
  from: HostName,
  to: HostName,
  provoked: Provoked,
): Promise<Acted & { readonly done: boolean }> {
  const { failOver, restartSteps, world } = provoked;
  const checks = [to, from].flatMap(restartSteps).filter((step) => step.kind === 'check');
  const trouble = await carryOut([...failOver(from, to), ...checks], world);
  if (trouble === '') return { ...(await recover(provoked, RECOVERY_LIMIT_MS)), well: [], done: true };
  const atMs = world.nowMs();
  // The way back may want a server that does not answer; started again, the former primary is what its configuration says.
  for (const step of [...failOver(to, from), ...restartSteps(from)]) await carryOut([step], world);
  return { trouble, atMs, well: [], done: false };
}

async function isWritable(host: HostName, { serving, world }: Provoked): Promise<boolean> {
  if (!(await world.hosts.isRunning(serving.universe, host))) return false;
  const argv = ['mariadb', '--batch', '--skip-column-names', '-e', 'SELECT @@GLOBAL.read_only'];
  const { exitCode, stdout } = await world.hosts.exec(serving.universe, host, argv);
  return exitCode === 0 && stdout.trim() === '0';
}

/** Trouble that was brought about is taken away again, whatever happened in between. */
async function hardship(
  { tiers, begin, visit: asked, end }: Extract<Act, { kind: 'hardship' }>,
  provoked: Provoked,
): Promise<Acted> {
  const everywhere = (argv: readonly string[]) =>
    each(provoked, tiers, async (host) => {
      const { serving, world } = provoked;
      // One that an upgrade left without a machine has nothing that could be filled, and serves nobody.
      if (!(await world.hosts.isRunning(serving.universe, host))) return NOTHING;
      const { exitCode, stderr } = await world.hosts.exec(serving.universe, host, argv);
      if (exitCode !== 0) throw new Error(`${host}: exit code ${exitCode}: ${stderr.trim().slice(0, 200)}`);
      return NOTHING;
    });
  try {
    await everywhere(begin);
    return await visit(asked, provoked);
  } finally {
    await everywhere(end);
  }
}

async function inspect(
  host: HostName,
  argv: readonly string[],
  { serving, world }: Provoked,
): Promise<Acted> {
  const answer = await world.hosts.exec(serving.universe, host, argv).catch(async (error: Error) => {
    // One that an upgrade left without a machine serves nothing that could be asked about.
    if (await world.hosts.isRunning(serving.universe, host)) throw error;
    return undefined;
  });
  if (answer === undefined || answer.exitCode === 0) return NOTHING;
  const { exitCode, stdout, stderr } = answer;
  const said = `${stdout.trim()} ${stderr.trim()}`.trim().slice(0, 200);
  if (exitCode !== 1) throw new Error(`${host}: exit code ${exitCode}: ${said}`);
  return { trouble: `${host}: ${said}`, atMs: world.nowMs(), well: [] };
}
