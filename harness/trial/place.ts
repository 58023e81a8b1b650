/** Where a trial takes place: its networks, and the machines of its universes as they are laid out on them. */
import type Dockerode from 'dockerode';
import { approaches } from '../approaches/catalogue.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import { DRIVER_MEMORY_MB } from '../imago/driver-host.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../provision/engine.ts';
import { type MadeNetwork, makeNetwork } from '../provision/network.ts';
import { ownIdentity } from '../provision/owner.ts';
import { layOut, type UniverseMap } from '../provision/universe.ts';

/** What a place is made for. */
export interface PlaceRequest {
  readonly engine: Dockerode;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly campaign: string;
  readonly trialId: string;
}

/** The networks are there, no machine is yet. */
export interface Place {
  /** With which the names of all that is made for the trial begin. */
  readonly base: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly edge: MadeNetwork;
  readonly old: UniverseMap;
  /** Undefined under approaches without a parallel universe. */
  readonly fresh: UniverseMap | undefined;
  /** Container within whose budget the driver runs; absent where it has one of its own. */
  readonly driverWithin: { readonly within?: string };
}

/** Makes the networks and lays out what belongs on them. */
export async function makePlace(request: PlaceRequest): Promise<Place> {
  const { engine, scenario, plan } = request;
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
  return { base, labels, edge, ...onHardware(plan.hardware, alone, apart) };
}

/**
 * Both universes on hardware of their own, or the new one's hosts and the driver on that of the old one's: then
 * the old hosts have the memory of both, for what runs within their budget is counted with them.
 */
function onHardware(
  hardware: Plan['hardware'],
  old: UniverseMap,
  fresh: UniverseMap | undefined,
): Pick<Place, 'old' | 'fresh' | 'driverWithin'> {
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

/** The database host that takes writes when a universe is brought up; empty where there is none. */
export function primaryOf(universe: UniverseMap): string {
  return Object.values(universe.specs).find(({ tier }) => tier === 'db')?.name ?? '';
}
