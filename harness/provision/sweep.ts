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
  /** Names of networks that the engine keeps though nothing is connected to them: see `isKept`. */
  readonly keptNetworks: readonly string[];
}

/** Which of the labelled things are meant. */
export type Selection = (labels: Readonly<Record<string, string>>) => boolean;

/** What one campaign made. */
export function ofCampaign(campaign: string): Selection {
  return (labels) => labels[CAMPAIGN_LABEL] === campaign;
}

/** What a process left that is known to run no longer. */
export const ofDeadOwners: Selection = (labels) => !isAlive(labels[OWNER_LABEL] ?? '');

/** Everything with the label. */
export const everything: Selection = () => true;

/** Something of a campaign's may be left on the engine. */
export class LeftoversError extends EngineError {}

/** How long a sweep goes on. */
export interface Patience {
  /** Rounds after which it gives up. */
  readonly most: number;
  /** Rounds in a row that found nothing, after which it is over. */
  readonly empty: number;
  /** The same where a network is kept: one that is being disconnected looks so at first. */
  readonly kept: number;
  /** Between two rounds. */
  readonly pauseMs: number;
}

/** Before anything is made: what is found may be on its way already, removed by the watchdog of a run that was killed. */
const AT_START: Patience = { most: 30, empty: 1, kept: 1, pauseMs: 500 };
/** At the end: a request that was under way when its process died may still create something. */
export const AT_END: Patience = { most: 30, empty: 3, kept: 10, pauseMs: 500 };

/**
 * Removes what killed runs left, or what else is selected, before anything is made.
 * @throws EngineError where the engine refuses to the end
 */
export async function sweepLeftovers(
  engine: Dockerode,
  operation: string,
  selected: Selection = ofDeadOwners,
  patience = AT_START,
): Promise<SweepCount> {
  try {
    const count = await sweepUntilEmpty(engine, selected, patience);
    tellOfKept(operation, count.keptNetworks);
    return count;
  } catch (cause) {
    throw new EngineError(`${operation}: remove what was left: ${(cause as Error).message}`, { cause });
  }
}

/** Removes what a campaign made, at its end. @throws LeftoversError where the engine refuses to the end */
export async function sweepCampaign(
  engine: Dockerode,
  operation: string,
  campaign: string,
  patience = AT_END,
): Promise<void> {
  try {
    const { keptNetworks } = await sweepUntilEmpty(engine, ofCampaign(campaign), patience);
    tellOfKept(operation, keptNetworks);
  } catch (cause) {
    throw new LeftoversError(
      `${operation}: not everything of ${campaign} was torn down: ${(cause as Error).message}; once the engine allows it, ./upfault clean removes what is left`,
      { cause },
    );
  }
}

/** Removes containers, then networks and volumes. What is gone already counts as removed by somebody else. */
export async function sweep(engine: Dockerode, selected: Selection): Promise<SweepCount> {
  return countOf([await sweepOnce(engine, selected)]);
}

/**
 * Sweeps until nothing is found any more. An engine that refuses a round is asked again; after the last round its error
 * is thrown. A network that the engine keeps for good is no such error, for nothing of it runs or is left to do: what was
 * done meanwhile counts, and whoever sees the name can act.
 */
export async function sweepUntilEmpty(
  engine: Dockerode,
  selected: Selection,
  { most, empty, kept, pauseMs }: Patience,
): Promise<SweepCount> {
  const rounds: Round[] = [];
  let emptyRounds = 0;
  let failure: unknown;
  for (let number = 1; number <= most; number += 1) {
    if (number > 1) await delay(pauseMs);
    try {
      const round = await sweepOnce(engine, selected);
      rounds.push(round);
      failure = undefined;
      const isEmpty = round.containers.length + round.networks.length + round.volumes.length === 0;
      emptyRounds = isEmpty ? emptyRounds + 1 : 0;
      if (emptyRounds >= (round.kept.length === 0 ? empty : kept)) break;
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return countOf(rounds);
}

/** Tells people of networks that the engine keeps, and what to do about them. */
function tellOfKept(operation: string, networks: readonly string[]): void {
  if (networks.length === 0) return;
  process.stderr.write(
    `upfault: ${operation}: the engine keeps ${networks.join(', ')} although nothing is connected to it; it lets go when it is restarted\n`,
  );
}

/** Ids of what one round found; of networks, those that the engine does not keep. */
interface Round {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Names. */
  readonly kept: readonly string[];
}

async function sweepOnce(engine: Dockerode, selected: Selection): Promise<Round> {
  const filters = JSON.stringify({ label: [CAMPAIGN_LABEL] });
  const containers = (await engine.listContainers({ all: true, filters })).filter(({ Labels }) =>
    selected(Labels),
  );
  const isWithin = ({ Labels }: { Labels: Record<string, string> }) => WITHIN_LABEL in Labels;
  const removed = (some: typeof containers) =>
    Promise.all(
      some.map(({ Id, Names }) =>
        gone(`container ${Names[0] ?? Id}`, engine.getContainer(Id).remove({ force: true, v: true })),
      ),
    );
  await removed(containers.filter(isWithin));
  await removed(containers.filter((one) => !isWithin(one)));
  const networks = (await engine.listNetworks({ filters })).filter(({ Labels }) => selected(Labels ?? {}));
  const kept = new Map<string, string>();
  await Promise.all(
    networks.map(async ({ Id, Name }) => {
      if (await isKept(engine, Id, Name)) kept.set(Id, Name);
    }),
  );
  const listed = await engine.listVolumes({ filters });
  const volumes = (listed.Volumes ?? []).filter(({ Labels }) => selected(Labels ?? {}));
  await Promise.all(volumes.map(({ Name }) => gone(`volume ${Name}`, engine.getVolume(Name).remove())));
  return {
    containers: containers.map(({ Id }) => Id),
    networks: networks.map(({ Id }) => Id).filter((id) => !kept.has(id)),
    volumes: volumes.map(({ Name }) => Name),
    kept: [...kept.values()],
  };
}

/** What rounds one after the other removed; what took more than one of them counts once. */
function countOf(rounds: readonly Round[]): SweepCount {
  const count = (of: (round: Round) => readonly string[]) => new Set(rounds.flatMap(of)).size;
  return {
    containers: count(({ containers }) => containers),
    networks: count(({ networks }) => networks),
    volumes: count(({ volumes }) => volumes),
    keptNetworks: rounds.at(-1)?.kept ?? [],
  };
}

/**
 * Removes a network; true if the engine keeps it for an endpoint of a container that is no more. An engine does
 * so for good when a container's start was cut off at the wrong moment (moby issue 17217), and nothing that a client can ask for frees it.
 */
async function isKept(engine: Dockerode, id: string, name: string): Promise<boolean> {
  const network = engine.getNetwork(id);
  try {
    await gone(`network ${name}`, network.remove());
    return false;
  } catch (error) {
    if (!isForbidden((error as Error).cause)) throw error;
    const seen: Dockerode.NetworkInspectInfo | undefined = await gone(`network ${name}`, network.inspect());
    if (seen !== undefined && Object.keys(seen.Containers ?? {}).length > 0) throw error;
    return seen !== undefined;
  }
}

/** Being removed already is as good as removed: the next round sees what is left. */
async function gone<T>(thing: string, removal: Promise<T>): Promise<T | undefined> {
  try {
    return await removal;
  } catch (cause) {
    if (isNotFound(cause) || isConflict(cause)) return undefined;
    throw new EngineError(`remove ${thing}: ${(cause as Error).message}`, { cause });
  }
}
