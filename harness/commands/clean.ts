/** `upfault clean`: removes by hand what killed runs left. */
import type { CommandModule } from 'yargs';
import { connectEngine } from '../provision/engine.ts';
import { liveCampaigns } from '../provision/live-campaigns.ts';
import { everything, sweepLeftovers } from '../provision/sweep.ts';

/** The command. Removes only what carries the testbed's label. */
export const cleanCommand: CommandModule<object, { all: boolean; json: boolean }> = {
  command: 'clean',
  describe: 'Remove containers, networks and volumes that the testbed left behind',
  builder: (yargs) =>
    yargs
      .option('all', {
        type: 'boolean',
        default: false,
        describe: 'Also those of campaigns that still run, and of other users’ where that cannot be told',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the counts as JSON' }),
  handler: async ({ all, json }) => {
    const engine = await connectEngine();
    const count = await sweepLeftovers(engine, 'clean', all ? everything : undefined);
    const text = `removed ${count.containers} containers, ${count.networks} networks, ${count.volumes} volumes`;
    process.stdout.write(`${json ? JSON.stringify(count) : text}\n`);
    const left = await liveCampaigns(engine);
    if (left.length > 0)
      process.stderr.write(`upfault: clean: left alone: ${left.join(', ')}; --all removes these too\n`);
  },
};
