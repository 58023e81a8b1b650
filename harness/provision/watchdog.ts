/**
 * The watchdog's process: outlives the testbed, and when that ends without saying goodbye (`kill -9`, power
 * of the terminal) ends the processes and removes the containers, networks and volumes that it left.
 *
 * Started with the campaign and the testbed's identity as its arguments: a campaign that somebody goes on with is another
 * process's by then, and none of its business. Each line on standard input is a process to end (its identity,
 * see `owner.ts`) or `goodbye`.
 */
import { createInterface } from 'node:readline';
import { connectEngine, OWNER_LABEL } from './engine.ts';
import { isSeenToRun } from './owner.ts';
import { AT_END, ofCampaign, type Selection, sweepUntilEmpty } from './sweep.ts';

/** Rounds of half a second in which a dead campaign's things are looked for. */
const SWEEP_ROUNDS = 60;

async function watch(campaign: string, owner: string): Promise<void> {
  const processes = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'goodbye') return;
    processes.add(line);
  }
  for (const identity of processes) {
    if (isSeenToRun(identity)) process.kill(Number(identity.split(':')[0]), 'SIGKILL');
  }
  const isOfCampaign = ofCampaign(campaign);
  const left: Selection = (labels) => isOfCampaign(labels) && labels[OWNER_LABEL] === owner;
  await sweepUntilEmpty(await connectEngine(), left, { ...AT_END, most: SWEEP_ROUNDS });
}

// The terminal's Ctrl-C reaches the whole group; the watchdog must still be there when the testbed has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
const [campaign, owner] = process.argv.slice(2);
if (campaign === undefined || owner === undefined) {
  process.stderr.write('watchdog: no campaign, or no owner of it, was named\n');
  process.exit(2);
}
await watch(campaign, owner);
