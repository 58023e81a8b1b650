/** How an upgrade beside the live system left things: where clients are sent, and what of it still runs. */
import type { ImagoRecord } from '../../results/schema.ts';
import type { Plan } from '../contract/plan.ts';
import type { Universe } from '../contract/topology.ts';
import type { UniverseMap } from '../provision/universe.ts';
import { ingressStatus } from './ingress-state.ts';
import { containersOf, type System } from './system.ts';

/** What is looked at once the horizon has passed; null without a parallel universe. */
export type Afterwards = Pick<ImagoRecord, 'reach' | 'holding' | 'running'>;

/**
 * Asks the ingress and the engine. An ingress that the plan had ended sends clients nowhere.
 * @param serves the universe that serves by what the upgrade did
 */
export async function afterwards(system: System, serves: Universe, plan: Plan): Promise<Afterwards> {
  const { upstream, hold } = (await ingressStatus(system, plan)) ?? {};
  const isIn = (universe: UniverseMap | undefined) =>
    universe !== undefined && upstream?.host.startsWith(`${universe.prefix}.`) === true;
  return {
    reach: isIn(system.old) ? 'old' : isIn(system.fresh) ? 'new' : 'neither',
    holding: hold !== undefined && hold.ended === undefined,
    running: await leftRunning(system, serves),
  };
}

/** The driver's machine in any case; U_new's hosts where U_old serves on. */
async function leftRunning(system: System, serves: Universe): Promise<string[]> {
  const wanted = (name: string) => !(name === 'driver' || (name.startsWith('new/') && serves === 'old'));
  const gone = Object.entries(containersOf(system)).filter(([name]) => !wanted(name));
  const found = await system.world.engine.listContainers({ all: true });
  const there = new Set(found.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ''))));
  return gone.flatMap(([name, container]) => (there.has(container) ? [name] : [])).sort();
}
