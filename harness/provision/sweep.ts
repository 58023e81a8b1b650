/** Removal of everything with the testbed's label, and of nothing else. */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { CAMPAIGN_LABEL, EngineError, isConflict, isForbidden, isNotFound, OWNER_LABEL } from './engine.ts';
import { isAlive } from './owner.ts';
import { WITHIN_LABEL } from './shared-hardware.ts';

/** How many things a sweep removed. */
export interface SweepCount {
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
  /** Names of networks that the engine keeps though nothing is connected to them: see `removeNetwork`. */
  readonly keptNetworks: readonly string[];
}

/** Which of the labelled things are meant. */
export type Selection = (labels: Readonly<Record<string, string>>) => boolean;

/** What one campaign made. */
export function ofCampaign(campaign: string): Selection {
  return (labels) => labels[CAMPAIGN_LABEL] === campaign;
}

/** What a process left that no longer runs. */
export const ofDeadOwners: Selection = (labels) => !isAlive(labels[OWNER_LABEL] ?? '');

/** Everything with the label. */
export const everything: Selection = () => true;

/** Removes containers, then networks and volumes. What is gone already counts as removed by somebody else. */
export async function sweep(engine: Dockerode, selected: Selection): Promise<SweepCount> {
  const filters = JSON.stringify({ label: [CAMPAIGN_LABEL] });
  const containers = (await engine.listContainers({ all: true, filters })).filter(({ Labels }) =>
    selected(Labels),
  );
  const isWithin = ({ Labels }: { Labels: Record<string, string> }) => WITHIN_LABEL in Labels;
  const removed = (some: typeof containers) =>
    Promise.all(some.map(({ Id }) => gone(engine.getContainer(Id).remove({ force: true, v: true }))));
  await removed(containers.filter(isWithin));
  await removed(containers.filter((one) => !isWithin(one)));
  const networks = (await engine.listNetworks({ filters })).filter(({ Labels }) => selected(Labels ?? {}));
  const kept = (await Promise.all(networks.map(({ Id }) => removeNetwork(engine, Id)))).flat();
  const listed = await engine.listVolumes({ filters });
  const volumes = (listed.Volumes ?? []).filter(({ Labels }) => selected(Labels ?? {}));
  await Promise.all(volumes.map(({ Name }) => gone(engine.getVolume(Name).remove())));
  return {
    containers: containers.length,
    networks: networks.length - kept.length,
    volumes: volumes.length,
    keptNetworks: kept,
  };
}

/** Tells people of networks that the engine keeps, and what to do about them. */
export function tellOfKept(operation: string, networks: readonly string[]): void {
  if (networks.length === 0) return;
  process.stderr.write(
    `upfault: ${operation}: the engine keeps ${networks.join(', ')} although nothing is connected to it; it lets go when it is restarted\n`,
  );
}

/**
 * Removes a network; returns its name if the engine keeps it for an endpoint of a container that is no more. An engine does
 * so for good when a container's start was cut off at the wrong moment (moby issue 17217), and nothing that a client can ask for frees it.
 */
async function removeNetwork(engine: Dockerode, id: string): Promise<string[]> {
  const network = engine.getNetwork(id);
  try {
    await gone(network.remove());
    return [];
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const { Name, Containers } = (await network.inspect()) as Dockerode.NetworkInspectInfo;
    if (Object.keys(Containers ?? {}).length > 0) throw error;
    return [Name];
  }
}

/** Rounds in a row that find nothing: a request that was under way when its process died may still create something. */
const EMPTY_ROUNDS = 3;
/** The same where a network is kept: one that is being disconnected looks so at first. */
const KEPT_ROUNDS = 10;
const ROUND_MS = 500;

/**
 * Sweeps until nothing is found any more. An engine that refuses a round is asked again; after `rounds` the last error
 * is thrown. A network that the engine keeps for good is no such error, for nothing of it runs or is left to do: what was
 * done meanwhile counts, and whoever sees the name can act.
 * @returns names of networks that the engine keeps
 */
export async function sweepUntilEmpty(
  engine: Dockerode,
  selected: Selection,
  rounds: number,
  pauseMs = ROUND_MS,
): Promise<readonly string[]> {
  let emptyRounds = 0;
  let kept: readonly string[] = [];
  let failure: unknown;
  const isOver = () => emptyRounds >= (kept.length === 0 ? EMPTY_ROUNDS : KEPT_ROUNDS);
  for (let round = 0; round < rounds && !isOver(); round += 1) {
    try {
      const count = await sweep(engine, selected);
      kept = count.keptNetworks;
      emptyRounds = count.containers + count.networks + count.volumes === 0 ? emptyRounds + 1 : 0;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await delay(pauseMs);
  }
  if (failure !== undefined)
    throw new EngineError(`sweep: the engine refused to remove something: ${(failure as Error).message}`, {
      cause: failure,
    });
  return kept;
}

async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    // Being removed already is as good as removed; the next round sees what is left.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
