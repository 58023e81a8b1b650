/**
 * The watchdog's process: outlives the testbed, and when that ends without saying goodbye (`kill -9`, power
 * of the terminal) ends the processes and removes the containers, networks and volumes that it left.
 *
 * Started with the campaign as its argument; each line on standard input is a process to end (its identity,
 * see `owner.ts`) or `goodbye`.
 */
import { createInterface } from 'node:readline';
import { connectEngine } from './engine.ts';
import { isAlive } from './owner.ts';
import { ofCampaign, sweepUntilEmpty } from './sweep.ts';

/** Rounds of half a second in which a dead campaign's things are looked for. */
const SWEEP_ROUNDS = 60;

async function watch(campaign: string): Promise<void> {
  const processes = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'goodbye') return;
    processes.add(line);
  }
  for (const identity of processes) {
    if (isAlive(identity)) process.kill(Number(identity.split(':')[0]), 'SIGKILL');
  }
  await sweepUntilEmpty(await connectEngine(), ofCampaign(campaign), SWEEP_ROUNDS);
}

// The terminal's Ctrl-C reaches the whole group; the watchdog must still be there when the testbed has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
const [campaign] = process.argv.slice(2);
if (campaign === undefined) {
  process.stderr.write('watchdog: no campaign was named\n');
  process.exit(2);
}
await watch(campaign);
