/** What Imago's machines say of themselves when they are observed. Asked over channels that are open: milliseconds. */
import type { DriverReading, IngressReading } from '../contract/observation.ts';
import type { ExecResult } from '../provision/shell.ts';
import type { ImagoControl } from './imago-control.ts';

/** Asks a machine; its answer has the form of a command's output. Rejects where the trial has no such machine. */
export async function tellOf(
  machine: 'ingress' | 'driver',
  imago: ImagoControl | undefined,
): Promise<ExecResult> {
  if (imago === undefined) throw new Error(`${machine}: only a step of the upgrade can ask it`);
  const told = machine === 'ingress' ? await ofIngress(imago) : await ofDriver(imago);
  return { exitCode: 0, stdout: `${JSON.stringify(told)}\n`, stderr: '' };
}

async function ofIngress(imago: ImagoControl): Promise<IngressReading> {
  const { hold, inFlight } = await (await imago.ingress()).status();
  const holding = hold !== undefined && hold.ended === undefined;
  return { holding, waiting: holding ? hold.waiting : 0, inFlight };
}

async function ofDriver(imago: ImagoControl): Promise<DriverReading> {
  const { copiedRows, pendingKeys, dirtyKeys, egress } = await imago.driver((driver) => driver.status());
  return { copiedRows, pendingKeys, dirtyKeys, egress: egress ?? null };
}
