/** `upfault clean`: removes by hand what killed runs left. */
import type { CommandModule } from 'yargs';
import { connectEngine } from '../provision/engine.ts';
import { everything, ofDeadOwners, sweep, tellOfKept } from '../provision/sweep.ts';

/** The command. Removes only what carries the testbed's label. */
export const cleanCommand: CommandModule<object, { all: boolean; json: boolean }> = {
  command: 'clean',
  describe: 'Remove containers, networks and volumes that the testbed left behind',
  builder: (yargs) =>
    yargs
      .option('all', { type: 'boolean', default: false, describe: 'Also those of campaigns that still run' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the counts as JSON' }),
  handler: async ({ all, json }) => {
    const count = await sweep(await connectEngine(), all ? everything : ofDeadOwners);
    const text = `removed ${count.containers} containers, ${count.networks} networks, ${count.volumes} volumes`;
    process.stdout.write(`${json ? JSON.stringify(count) : text}\n`);
    tellOfKept('clean', count.keptNetworks);
  },
};
