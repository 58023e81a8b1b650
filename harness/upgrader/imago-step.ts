/**
 * One step of Imago's own procedure, carried out. What a gate or a machine refuses fails the step, and so does a process
 * that has died; what keeps the testbed from asking, and its own mistakes, do not.
 */
import type { ImagoAction } from '../contract/imago-step.ts';
import type { ImagoStep } from '../contract/step.ts';
import { ChannelBroken, CommandRefused } from '../imago/command-channel.ts';
import type { ConnectRequest } from '../imago/driver-control.ts';
import type { HoldEnd, HoldStatus, IngressControl } from '../imago/ingress-control.ts';
import { gateOf } from '../plan/gate-name.ts';
import { isNotFound } from '../provision/engine.ts';
import { isRunning, promoteUniverse, removeContainer } from '../provision/host-container.ts';
import { type Bindings, filledIn, universeOf } from './bindings.ts';
import type { World } from './execute.ts';
import type { ImagoControl } from './imago-control.ts';
import { StepFailure } from './step-failure.ts';

/** Server id under which the driver reads the logs; the scenario's own servers count from 1. */
const DRIVER_SERVER_ID = 4_242;
/** Port of the driver's machine on which the tester takes the mirror's connection. */
const TESTER_PORT = 7_070;
/** What I keep for the tester, and of one body. */
const MIRROR_LIMITS = { bufferedBytes: 4_000_000, bodyBytes: 131_072 };

/** Tells the timeline what came of a step. */
type Tell = (what: string, figures: Readonly<Record<string, number | string>>) => void;

/** How the driver reaches both databases. */
export function driverConnection(
  action: Extract<ImagoAction, { do: 'start-driver' }>,
  bindings: Bindings,
): ConnectRequest {
  return {
    old: filledIn(action.old, 'old', bindings),
    new: filledIn(action.new, 'new', bindings),
    projections: action.projections,
    serverId: DRIVER_SERVER_ID,
  };
}

/** Carries out the step. */
export async function executeImago(step: ImagoStep, world: World): Promise<void> {
  const { imago } = world;
  if (imago === undefined) throw new Error(`${step.id}: this trial has no parallel universe`);
  try {
    await carryOut(step, world, imago);
  } catch (error) {
    if (error instanceof StepFailure || !(await isProcedures(error, world))) throw error;
    throw new StepFailure(`${step.id}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Whether an operator would see this, too: what a machine has answered, and the end of a process on a machine that still
 * runs. Machines that do not run were ended by the engine.
 */
async function isProcedures(error: unknown, { engine, bindings }: World): Promise<boolean> {
  if (error instanceof CommandRefused) return true;
  if (!(error instanceof ChannelBroken)) return false;
  const { ingress, machine } = bindings.imago;
  return isRunning(engine, error.process === 'ingress' ? ingress : machine.container);
}

async function carryOut(step: ImagoStep, world: World, imago: ImagoControl): Promise<void> {
  const { action } = step;
  const tell: Tell = (what, figures) => imago.tell({ what, figures: { step: step.id, ...figures } });
  switch (action.do) {
    case 'start-driver':
      return imago.startDriver(driverConnection(action, world.bindings));
    case 'start-egress':
      return imago.startEgress();
    case 'start-transfer':
      return imago.startTransfer();
    case 'await-transfer':
      return imago.awaitTransfer(action.limitMs);
    case 'hold': {
      const { maxRequests, maxMs } = action;
      await (await imago.ingress()).hold({ maxRequests, maxMs });
      return;
    }
    case 'drain-requests':
      return (await imago.ingress()).drain(action.limitMs);
    case 'drain-egress': {
      const { keys, ms } = await imago.drainEgress(action.limitMs);
      return tell('drained', { keys, ms });
    }
    case 'compare':
      return compare(step, action.scope, imago, tell);
    case 'release':
      return release(step, await imago.ingress(), tell);
    case 'start-tester':
      return (await imago.tester()).connect({
        old: filledIn(action.old, 'old', world.bindings),
        new: filledIn(action.new, 'new', world.bindings),
        listenPort: TESTER_PORT,
        comparison: action.comparison,
      });
    case 'integration': {
      const tester = await imago.tester();
      // A walk goes on from what it wrote itself; a change of U_old that met the same ids would undo that under its feet.
      await imago.driver((driver) => driver.suspend());
      const walk = tester.integration(action.exchanges, action.limitMs);
      const { held, reason } = await walk.finally(() => imago.driver((driver) => driver.resume()));
      if (!held) throw new StepFailure(`${step.id}: gate ${gateOf(step)}: ${reason}`);
      return;
    }
    case 'start-comparison':
      return startComparison(imago);
    case 'verdict':
      return verdict(step, action, imago, tell);
    case 'stop-comparison':
      return tell('mirrored', await stopComparison(imago));
    case 'reconcile': {
      const { keys, ms } = await imago.driver((driver) => driver.reconcile(action.limitMs));
      return tell('reconciled', { keys, ms });
    }
    case 'redirect': {
      const ingress = await imago.ingress();
      const address = filledIn(action.new, step.universe, world.bindings);
      const { hold, upstream } = await ingress.status();
      // An upgrader that died right after it finds that it was done. To the old universe nobody was sent before.
      if (step.universe === 'new' && upstream?.host === address.host && upstream.port === address.port)
        return;
      if (step.universe === 'new') await imago.suspend();
      // Redirected without a hold is what a procedure does that omits it: at once, whatever is in flight.
      if (hold === undefined || hold.ended === 'released') return ingress.upstream(address);
      return ingress.redirect(hold.holdId, address);
    }
    case 'promote':
      return promote(step, world);
    case 'stop-driver':
      return imago.stopDriver();
    case 'abort':
      return abort(imago, tell);
    case 'drop-universe':
      return dropUniverse(world);
    default:
      return action satisfies never;
  }
}

async function startComparison(imago: ImagoControl): Promise<void> {
  const { port } = await (await imago.tester()).start();
  const mirror = { host: imago.machineAddress, port, limits: MIRROR_LIMITS, everyNth: 1 };
  await (await imago.ingress()).mirror(mirror);
}

async function stopComparison(
  imago: ImagoControl,
): Promise<Readonly<Record<'sent' | 'dropped' | 'writes', number>>> {
  const { sent, dropped } = await (await imago.ingress()).mirrorStop();
  const { writes } = await (await imago.tester()).stop();
  return { sent, dropped, writes };
}

async function verdict(
  step: ImagoStep,
  { minimumCompared, limitMs }: Extract<ImagoAction, { do: 'verdict' }>,
  imago: ImagoControl,
  tell: Tell,
): Promise<void> {
  const tester = await imago.tester();
  for (;;) {
    const { restarts } = imago;
    const found = await imago.whileFollowing(tester.verdict(minimumCompared, limitMs));
    const { compared, agreed, mismatched, learned, passed, reason } = found;
    tell('verdict', {
      ...{ compared, agreed, mismatched, learned: learned.requests, reason },
      first: JSON.stringify(found.mismatches.slice(0, 3)).slice(0, 1_500),
    });
    if (passed) return;
    if (imago.restarts === restarts) throw new StepFailure(`${step.id}: gate ${gateOf(step)}: ${reason}`);
    // Without a driver the new universe stood still, and whatever clients changed meanwhile differed: seen anew.
    await stopComparison(imago);
    await startComparison(imago);
  }
}

async function compare(
  step: ImagoStep,
  scope: 'dirty' | 'all',
  imago: ImagoControl,
  tell: Tell,
): Promise<void> {
  const { equal, chunks, rows, mismatches, ms } = await imago.driver((driver) => driver.compare(scope));
  tell('compared', { chunks, rows, mismatches: mismatches.length, ms });
  if (equal) return;
  const named = mismatches.slice(0, 5).map(({ table, key, why }) => `${table} ${key} ${why}`);
  throw new StepFailure(`${step.id}: gate ${gateOf(step)}: ${mismatches.length} rows: ${named.join('; ')}`);
}

async function release(step: ImagoStep, ingress: IngressControl, tell: Tell): Promise<void> {
  const ended = await endHold(ingress, tell);
  // Where everything was redirected already, what the limit let go went to U_new as well: nothing was missed.
  if (ended === 'released' || step.universe === 'new') return;
  throw new StepFailure(`${step.id}: the hold had ended by its ${ended}`);
}

/** Lets go what waits, and tells how long it did. Gives how the hold ended: its own limit may have been first. */
async function endHold(ingress: IngressControl, tell: Tell): Promise<HoldEnd> {
  const { hold } = await ingress.status();
  // Nothing waits where nothing was held, or what was held last has been released by then.
  if (hold === undefined || hold.ended === 'released') return 'released';
  const {
    lastedMs,
    peakWaiting,
    ended = 'released',
  } = hold.ended === undefined ? await releaseOrExpired(ingress, hold) : hold;
  tell('quiescence', { lastedMs, peakWaiting, ended });
  return ended;
}

/** A hold that expires between the look at it and its release is no error: nothing waits any more. */
async function releaseOrExpired(ingress: IngressControl, { holdId }: HoldStatus): Promise<HoldStatus> {
  try {
    return await ingress.release(holdId);
  } catch (error) {
    const { hold } = await ingress.status();
    if (hold?.holdId === holdId && hold.ended !== undefined) return hold;
    throw error;
  }
}

async function abort(imago: ImagoControl, tell: Tell): Promise<void> {
  const ingress = await imago.ingress();
  await endHold(ingress, tell);
  const { mirror } = await ingress.status();
  if (mirror?.connected === true) await ingress.mirrorStop();
  await imago.stopDriver();
}

/** A host that its installation left without a machine cannot be promoted. */
async function promote(step: ImagoStep, world: World): Promise<void> {
  try {
    await promoteUniverse(world.engine, universeOf(world.bindings, 'new'));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new StepFailure(`${step.id}: ${(error as Error).message}`, { cause: error });
  }
}

async function dropUniverse(world: World): Promise<void> {
  const fresh = universeOf(world.bindings, 'new');
  await Promise.all(
    Object.entries(fresh.containers).map(async ([host, container]) => {
      world.hosts.forget('new', host);
      await removeContainer(world.engine, container);
    }),
  );
}
