/**
 * The system of one trial: networks, hosts and ingress, brought up from images that already hold the data.
 * Whatever is made carries the campaign's label, so that teardown needs no list of what was made.
 */
import { randomBytes } from 'node:crypto';
import { entryOf } from '../approaches/entry.ts';
import type { UniverseEntry } from '../contract/imago-step.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Step } from '../contract/step.ts';
import type { Tier } from '../contract/topology.ts';
import { startForwarder } from '../imago/forwarder-host.ts';
import { type IngressControl, startIngress } from '../imago/ingress-host.ts';
import { parseTabular } from '../observation/tabular.ts';
import { hostOf } from '../plan/rows.ts';
import { makeCertificates } from '../provision/certificates.ts';
import { assertRoom } from '../provision/free-space.ts';
import { setBudgets, startHost } from '../provision/host-container.ts';
import { imageKey, type UniverseMap } from '../provision/universe.ts';
import { type Bindings, filledIn, imageOf } from '../upgrader/bindings.ts';
import { execute, type World } from '../upgrader/execute.ts';
import { HostAccess } from '../upgrader/host-access.ts';
import type { DirectEntry } from '../workload/direct-entry.ts';
import { makePlace, type Place, type PlaceRequest, primaryOf } from './place.ts';

/** A system that serves. */
export interface System {
  readonly bindings: Bindings;
  readonly old: UniverseMap;
  /** Where a parallel universe has its place; undefined under other approaches. */
  readonly fresh: UniverseMap | undefined;
  /** The universe that clients reach. */
  readonly serving: UniverseMap;
  readonly ingress: IngressControl;
  /** Name of the ingress' container. */
  readonly ingressContainer: string;
  /** Name of the forwarder's container, through which clients come if not through the ingress. */
  readonly forwarderContainer: string | undefined;
  /** Port on 127.0.0.1 where the interceptor is. */
  readonly port: number;
  /** Where clients find the system if not there. */
  readonly direct: DirectEntry | undefined;
  readonly hosts: HostAccess;
  readonly world: World;
  /** Rows of a statement on the serving primary, header first. Throws when it cannot be read. */
  readonly query: (statement: string) => Promise<string[][]>;
}

/** What provisioning needs to know. */
export interface ProvisionRequest extends PlaceRequest {
  readonly images: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly startNs: bigint;
  readonly nowMs: () => number;
  /** Port to publish on; 0 lets the engine choose. */
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Random secrets and fresh certificates; nothing of them is derived from the seed. */
export async function makeCredentials(scenario: Scenario): Promise<Pick<Bindings, 'secrets' | 'pems'>> {
  const secrets = Object.fromEntries(scenario.secrets.map((name) => [name, randomBytes(16).toString('hex')]));
  return { secrets, pems: await makeCertificates(scenario.certificates) };
}

/** Provisions the old universe and puts the ingress before it; what it opened is closed again where it cannot. */
export async function provision(
  request: ProvisionRequest,
  credentials: Pick<Bindings, 'secrets' | 'pems'>,
): Promise<System> {
  const { engine, scenario, plan, signal, repository, nowMs } = request;
  await using opened = new AsyncDisposableStack();
  await assertRoom(engine, 'provision');
  const place = await makePlace(request);
  const { old, fresh } = place;
  const bindings = bindingsOf(request, credentials, place);
  const hosts = new HostAccess(engine, bindings);
  opened.defer(() => hosts.close());
  const world: World = { engine, bindings, hosts, nowMs, repository, onReading: () => undefined };
  signal.throwIfAborted();
  const [started, broughtUp] = await Promise.allSettled([
    ingressBefore(request, place, bindings),
    bringUp(plan.provision, old, bindings, world, signal),
  ]);
  if (started.status === 'fulfilled') opened.defer(() => started.value.control.close());
  if (broughtUp.status === 'rejected') throw broughtUp.reason;
  if (started.status === 'rejected') throw started.reason;
  const { control, port } = started.value;
  signal.throwIfAborted();
  const entry = filledIn(entryOf(scenario.entry), 'old', bindings);
  await control.upstream(entry);
  const past = await wayPast(request, place, entry);
  opened.move();
  return {
    ...{ bindings, old, fresh, serving: old, ingress: control, ingressContainer: bindings.imago.ingress },
    ...{ ...past, port, hosts, world, query: queryOn(hosts, scenario, old) },
  };
}

function bindingsOf(
  { images, startNs }: ProvisionRequest,
  credentials: Pick<Bindings, 'secrets' | 'pems'>,
  { base, labels, old, fresh, driverWithin }: Place,
): Bindings {
  return {
    ...credentials,
    universes: { old, ...(fresh === undefined ? {} : { new: fresh }) },
    images,
    imago: {
      ingress: `${base}-ingress`,
      machine: { container: `${base}-driver`, image: ingressImageOf(images), labels, ...driverWithin },
    },
    startNs: startNs.toString(),
  };
}

function ingressBefore(
  { engine, images, port }: ProvisionRequest,
  { labels, edge, old, fresh }: Place,
  { imago }: Bindings,
): ReturnType<typeof startIngress> {
  const universes = fresh === undefined ? [old] : [old, fresh];
  return startIngress({
    ...{ engine, image: ingressImageOf(images), name: imago.ingress, labels, edge, universes, port },
  });
}

/** The forwarder through which clients come if not through the ingress, where they do. */
async function wayPast(
  { engine, images, plan }: ProvisionRequest,
  { base, labels, edge, old }: Place,
  entry: UniverseEntry,
): Promise<Pick<System, 'forwarderContainer' | 'direct'>> {
  if (plan.ingress !== 'direct') return { forwarderContainer: undefined, direct: undefined };
  const name = `${base}-forwarder`;
  const asked = { engine, image: ingressImageOf(images), labels, edge, universe: old, to: entry };
  return { forwarderContainer: name, direct: { ...entry, port: await startForwarder({ ...asked, name }) } };
}

/** One image holds the interceptor, the forwarder, the driver and the tester. */
function ingressImageOf(images: ProvisionRequest['images']): string {
  return images[imageKey('ingress', 'old')] ?? '';
}

/** The same system, once clients reach another universe. */
export function servedBy(system: System, scenario: Scenario, serving: UniverseMap): System {
  return { ...system, serving, query: queryOn(system.hosts, scenario, serving) };
}

/**
 * Containers that may do work in a trial, by the name under which that is recorded: those of U_new as `new/HOST`, and as
 * `ingress` whatever carries the load between clients and system, which is then part of the instrument.
 */
export function containersOf(
  system: Pick<System, 'old' | 'fresh' | 'ingressContainer' | 'forwarderContainer' | 'bindings'>,
): Record<string, string> {
  const { old, fresh, bindings, forwarderContainer, ingressContainer } = system;
  const beside = Object.entries(fresh?.containers ?? {}).map(([host, name]) => [`new/${host}`, name]);
  const driver = fresh === undefined ? {} : { driver: bindings.imago.machine.container };
  const ingress = forwarderContainer ?? ingressContainer;
  return { ...old.containers, ...Object.fromEntries(beside), ...driver, ingress };
}

/** Hosts side by side, with budgets lifted; within the database's tier one after the other, the primary first. */
async function bringUp(
  steps: readonly Step[],
  universe: UniverseMap,
  bindings: Bindings,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const hostNames = Object.keys(universe.specs);
  await allDone(
    hostNames.map((host) =>
      startHost(world.engine, universe, host, imageOf(bindings, universe.specs[host]?.image ?? '', 'old')),
    ),
  );
  signal.throwIfAborted();
  await setBudgets(world.engine, universe, 'lifted');
  const isOf = (tier: Tier) => (host: string) => universe.specs[host]?.tier === tier;
  const bringUpHost = async (host: string) => {
    for (const step of steps.filter((one) => hostOf(one) === host)) {
      signal.throwIfAborted();
      await execute(step, world);
    }
  };
  const databases = async () => {
    for (const host of hostNames.filter(isOf('db'))) await bringUpHost(host);
  };
  const others = hostNames.filter((host) => !isOf('db')(host));
  await allDone([databases(), ...others.map(bringUpHost)]);
}

/** Waits for all, also when one fails: what is torn down then must not be joined by something that was under way. */
async function allDone(parts: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(parts))
    if (outcome.status === 'rejected') throw outcome.reason;
}

/** The database host that takes writes; the first one where none says so, and what is asked of it tells why. */
async function writableOf(hosts: HostAccess, universe: UniverseMap): Promise<string> {
  const argv = ['mariadb', '--batch', '--skip-column-names', '-e', 'SELECT @@GLOBAL.read_only'];
  for (const { name, tier } of Object.values(universe.specs)) {
    if (tier !== 'db' || !(await hosts.isRunning(universe.universe, name))) continue;
    const { exitCode, stdout } = await hosts.exec(universe.universe, name, argv, {
      timeoutMs: QUERY_TIMEOUT_MS,
    });
    if (exitCode === 0 && stdout.trim() === '0') return name;
  }
  return primaryOf(universe);
}

/** Longest time for a statement of the ledger. */
const QUERY_TIMEOUT_MS = 20_000;

function queryOn(hosts: HostAccess, scenario: Scenario, universe: UniverseMap): System['query'] {
  let known: Promise<string> | undefined;
  return async (statement) => {
    known ??= writableOf(hosts, universe);
    const primary = await known;
    const argv = ['mariadb', '--batch', scenario.facts.database];
    const options = { stdin: statement, timeoutMs: QUERY_TIMEOUT_MS };
    const { exitCode, stdout, stderr } = await hosts.exec(universe.universe, primary, argv, options);
    if (exitCode !== 0) throw new Error(`query ${primary}: ${stderr.trim().slice(0, 400)}`);
    return parseTabular(stdout);
  };
}
