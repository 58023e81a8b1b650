/**
 * An upgrader that died is started again, and goes on from its step log. Most steps leave what they did on hosts, where
 * it stays. What a step brought about for as long as the upgrader lived is gone with it: channels to the driver and the
 * tester, which end with their channel, and what was only waited for (a quiescence, a comparison of live answers).
 * That is brought back, or its steps are done again, before the next step is.
 */
import type { ImagoAction } from '../contract/imago-step.ts';
import type { ImagoStep, Step } from '../contract/step.ts';
import { filledIn } from './bindings.ts';
import type { ImagoControl } from './imago-control.ts';
import { driverConnection } from './imago-step.ts';
import type { UpgradeRun } from './run-upgrade.ts';

/** Makes the machines what the log says, as far as the steps to come need it. Tells which steps are done. */
export async function goOn(run: UpgradeRun): Promise<void> {
  const { upgrade, rollback, log, world } = run;
  run.tell({
    say: 'went-on',
    atMs: world.nowMs(),
    done: [...upgrade, ...rollback]
      .filter(({ id }) => log.isDone(id))
      .map(({ id, kind }) => ({ stepId: id, kind })),
  });
  const { imago } = world;
  const givesUp = upgrade.some(({ id }) => log.hasFailed(id)) && run.onFailure !== 'continue';
  if (imago === undefined || givesUp) return; // Giving up needs nothing that was there, and begins at the ingress.
  const done = upgrade.filter((step): step is ImagoStep => step.kind === 'imago' && log.isDone(step.id));
  const switched = await isSwitched(upgrade, run, imago);
  if (!switched) await repeatWaiting(upgrade, run, imago);
  await reconnect(done, switched, run, imago);
}

/** Whether clients were sent to U_new, also by a step whose end was not written any more. */
async function isSwitched(upgrade: readonly Step[], run: UpgradeRun, imago: ImagoControl): Promise<boolean> {
  const redirect = stepOf(upgrade, 'redirect');
  if (redirect?.action.do !== 'redirect') return false;
  const { host, port } = filledIn(redirect.action.new, 'new', run.world.bindings);
  const { upstream } = await (await imago.ingress()).status();
  return upstream?.host === host && upstream.port === port;
}

/** What was under way between a beginning and its end is ended, and its steps are done again. */
async function repeatWaiting(
  upgrade: readonly Step[],
  { log }: UpgradeRun,
  imago: ImagoControl,
): Promise<void> {
  const ingress = await imago.ingress();
  const { hold, mirror } = await ingress.status();
  // Between looking and releasing the hold's own limit may have ended it, which is as good.
  if (hold !== undefined && hold.ended === undefined)
    await ingress.release(hold.holdId).catch(() => undefined);
  // A tester that is gone leaves a mirror without a connection, which still has to be stopped.
  if (mirror !== undefined) await ingress.mirrorStop().catch(() => undefined);
  for (const [begin, end] of WAITING) {
    const from = upgrade.findLastIndex(
      (step) => step.kind === 'imago' && step.action.do === begin && log.isDone(step.id),
    );
    if (from === -1) continue;
    const length = upgrade.slice(from).findIndex((step) => step.kind === 'imago' && step.action.do === end);
    const section = upgrade.slice(from, length === -1 ? undefined : from + length + 1);
    // One that failed and was passed over has ended as well: what comes behind its section must not meet it again.
    if (section.every(({ id }) => log.isDone(id) || log.hasFailed(id))) continue;
    for (const { id } of section) log.repeat(id);
  }
}

/** Beginnings and ends of what lives no longer than the upgrader. */
const WAITING: readonly (readonly [ImagoAction['do'], ImagoAction['do']])[] = [
  ['hold', 'release'],
  ['start-tester', 'stop-comparison'],
];

async function reconnect(
  done: readonly ImagoStep[],
  switched: boolean,
  { world }: UpgradeRun,
  imago: ImagoControl,
): Promise<void> {
  const start = stepOf(done, 'start-driver');
  if (start?.action.do !== 'start-driver' || stepOf(done, 'stop-driver') !== undefined) return;
  await imago.reconnect(driverConnection(start.action, world.bindings), {
    egress: stepOf(done, 'start-egress') !== undefined,
    transfer: stepOf(done, 'start-transfer') !== undefined,
    switched,
  });
}

function stepOf(steps: readonly Step[], doing: ImagoAction['do']): ImagoStep | undefined {
  return steps.find((step): step is ImagoStep => step.kind === 'imago' && step.action.do === doing);
}
