/**
 * The ingress as a witness that the engine still keeps what a trial was given. No provocation touches it, and it is asked over
 * the channel that was opened when it was provisioned: an engine that was restarted has ended both, with every other host.
 */
import type { Plan } from '../contract/plan.ts';
import type { IngressStatus } from '../imago/ingress-control.ts';
import { flatten, hostOf } from '../plan/rows.ts';
import { EngineError } from '../provision/engine.ts';
import { isRunning } from '../provision/host-container.ts';
import { INGRESS_HOST } from '../upgrader/host-access.ts';
import type { System } from './system.ts';

/**
 * What the ingress says of itself; undefined where the plan acts on its machine, which runs, and nobody answers there any more.
 * @throws EngineError where it does not answer for any other reason: then nothing that is seen from here on is the system's
 */
export async function ingressStatus(
  system: Pick<System, 'ingress' | 'ingressContainer'> & { readonly world: Pick<System['world'], 'engine'> },
  plan: Pick<Plan, 'upgrade'>,
): Promise<IngressStatus | undefined> {
  try {
    return await system.ingress.status();
  } catch (cause) {
    const isActedOn = flatten(plan.upgrade).some((step) => hostOf(step) === INGRESS_HOST);
    if (isActedOn && (await isRunning(system.world.engine, system.ingressContainer))) return undefined;
    throw new EngineError(
      `ask the ingress, which should be there whatever becomes of the system: ${(cause as Error).message}`,
      { cause },
    );
  }
}
