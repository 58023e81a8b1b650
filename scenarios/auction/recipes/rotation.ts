/** Who serves: taking hosts out of rotation and putting them back, and moving the entry between balancers. */
import type { RecipeContext } from '../../../harness/contract/scenario.ts';
import type { BalancerStep, ExecStep, Step } from '../../../harness/contract/step.ts';
import type { HostName, Tier } from '../../../harness/contract/topology.ts';
import { ENTRY_ADDRESS } from '../facts.ts';
import { tierOf } from '../hosts.ts';
import { stepsOf } from './host-steps.ts';

/** Which tier keeps the rotation of which. */
const BALANCED_BY: Partial<Record<Tier, Tier>> = { web: 'lb', app: 'web' };

/** Takes a web or application host out of rotation on every balancer of its tier, or puts it back. */
export function balance(host: HostName, state: BalancerStep['state'], context: RecipeContext): Step[] {
  const by = BALANCED_BY[tierOf(host)];
  if (by === undefined) {
    throw new Error(`${state} ${host}: only web and application hosts are in a rotation`);
  }
  return [
    {
      kind: 'balancer',
      id: `${host}/${state === 'drain' ? 'drain' : 'enable'}`,
      title: state === 'drain' ? `Take ${host} out of rotation` : `Put ${host} back into rotation`,
      universe: context.universe,
      host,
      state,
      commands: context.hosts(by).map((balancer) => ({ host: balancer, argv: ['member', host, state] })),
    },
  ];
}

/** Moves the entry's address; the order is explained in the script `entry` of the balancers' image. */
export function handOver(from: HostName | null, to: HostName, context: RecipeContext): Step[] {
  const entry = (host: HostName, action: string, title: string): ExecStep =>
    stepsOf(host, context).exec(`${action}-entry`, title, ['entry', action, `@@address:${ENTRY_ADDRESS}@@`]);
  const take = entry(to, 'take', `${to} takes the entry's address`);
  if (from === null) return [take];
  return [
    entry(from, 'leave', `${from} lets its connections end`),
    take,
    entry(from, 'release', `${from} gives the entry's address up`),
  ];
}
