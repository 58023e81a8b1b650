/**
 * The system of one trial: networks, hosts and ingress, brought up from images that already hold the data.
 * Whatever is made carries the campaign's label, so that teardown needs no list of what was made.
 */
import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';
import { approaches } from '../approaches/catalogue.ts';
import { entryOf } from '../approaches/entry.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Step } from '../contract/step.ts';
import type { Tier } from '../contract/topology.ts';
import { DRIVER_MEMORY_MB } from '../imago/driver-host.ts';
import { startForwarder } from '../imago/forwarder-host.ts';
import { type IngressControl, startIngress } from '../imago/ingress-host.ts';
import { parseTabular } from '../observation/tabular.ts';
import { hostOf } from '../plan/rows.ts';
import { makeCertificates } from '../provision/certificates.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../provision/engine.ts';
import { assertRoom } from '../provision/free-space.ts';
import { setBudgets, startHost } from '../provision/host-container.ts';
import { makeNetwork } from '../provision/network.ts';
import { ownIdentity } from '../provision/owner.ts';
import { imageKey, layOut, type UniverseMap } from '../provision/universe.ts';
import { type Bindings, filledIn, imageOf } from '../upgrader/bindings.ts';
import { execute, type World } from '../upgrader/execute.ts';
import { HostAccess } from '../upgrader/host-access.ts';
import type { DirectEntry } from '../workload/direct-entry.ts';

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
export interface ProvisionRequest {
  readonly engine: Dockerode;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly campaign: string;
  readonly trialId: string;
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
  const { engine, scenario, plan, signal } = request;
  await using opened = new AsyncDisposableStack();
  await assertRoom(engine, 'provision');
  const labels = {
    [CAMPAIGN_LABEL]: request.campaign,
    [OWNER_LABEL]: ownIdentity(),
    'upfault.trial': request.trialId,
  };
  const base = `upfault-${request.campaign}-${request.trialId}`;
  const [inner, edge, beside] = await Promise.all([
    makeNetwork(engine, `${base}-old`, 'internal', labels),
    makeNetwork(engine, `${base}-edge`, 'edge', labels),
    approaches[plan.approach].universe === 'new'
      ? makeNetwork(engine, `${base}-new`, 'internal', labels)
      : undefined,
  ]);
  const { size, ratePerSecond } = plan;
  const laidOut = { scenario, size, ratePerSecond, labels, storage: base };
  const alone = layOut({ ...laidOut, universe: 'old', network: inner });
  const apart = beside && layOut({ ...laidOut, universe: 'new', network: beside });
  const { old, fresh, driverWithin } = onHardware(plan.hardware, alone, apart);
  const ingressImage = request.images[imageKey('ingress', 'old')] ?? '';
  const ingressContainer = `${base}-ingress`;
  const bindings: Bindings = {
    ...credentials,
    universes: { old, ...(fresh === undefined ? {} : { new: fresh }) },
    images: request.images,
    imago: {
      ingress: ingressContainer,
      machine: { container: `${base}-driver`, image: ingressImage, labels, ...driverWithin },
    },
    startNs: request.startNs.toString(),
  };
  const hosts = new HostAccess(engine, bindings);
  opened.defer(() => hosts.close());
  const world: World = {
    engine,
    bindings,
    hosts,
    nowMs: request.nowMs,
    repository: request.repository,
    onReading: () => undefined,
  };
  signal.throwIfAborted();
  const starting = startIngress({
    engine,
    image: ingressImage,
    name: ingressContainer,
    labels,
    edge,
    universes: fresh === undefined ? [old] : [old, fresh],
    port: request.port,
  });
  const bringingUp = bringUp(plan.provision, old, bindings, world, signal);
  const [started, broughtUp] = await Promise.allSettled([starting, bringingUp]);
  if (started.status === 'fulfilled') opened.defer(() => started.value.control.close());
  if (broughtUp.status === 'rejected') throw broughtUp.reason;
  if (started.status === 'rejected') throw started.reason;
  const { control, port } = started.value;
  signal.throwIfAborted();
  const entry = filledIn(entryOf(scenario.entry), 'old', bindings);
  await control.upstream(entry);
  const forwarderContainer = plan.ingress === 'direct' ? `${base}-forwarder` : undefined;
  const passedBy = { engine, image: ingressImage, labels, edge, universe: old, to: entry };
  const direct =
    forwarderContainer === undefined
      ? undefined
      : { ...entry, port: await startForwarder({ ...passedBy, name: forwarderContainer }) };
  opened.move();
  return {
    bindings,
    old,
    fresh,
    serving: old,
    ingress: control,
    ingressContainer,
    forwarderContainer,
    port,
    direct,
    hosts,
    world,
    query: queryOn(hosts, scenario, old),
  };
}

/**
 * Both universes on hardware of their own, or the new one's hosts and the driver on that of the old one's: then
 * the old hosts have the memory of both, for what runs within their budget is counted with them.
 */
function onHardware(
  hardware: Plan['hardware'],
  old: UniverseMap,
  fresh: UniverseMap | undefined,
): {
  readonly old: UniverseMap;
  readonly fresh: UniverseMap | undefined;
  readonly driverWithin: { readonly within?: string };
} {
  if (hardware === 'separate' || fresh === undefined) return { old, fresh, driverWithin: {} };
  const primary = primaryOf(old);
  const withRoom = Object.values(old.specs).map((spec) => {
    const beside = spec.memoryMb + (spec.name === primary ? DRIVER_MEMORY_MB : 0);
    return [spec.name, { ...spec, memoryMb: spec.memoryMb + beside }] as const;
  });
  return {
    old: { ...old, specs: Object.fromEntries(withRoom) },
    fresh: { ...fresh, within: old.containers },
    driverWithin: { within: old.containers[primary] ?? '' },
  };
}

function primaryOf(universe: UniverseMap): string {
  return Object.values(universe.specs).find(({ tier }) => tier === 'db')?.name ?? '';
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
  const driver =
    fresh === undefined || bindings.imago === undefined ? {} : { driver: bindings.imago.machine.container };
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
