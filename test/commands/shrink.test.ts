import { expect } from 'chai';
import type { CommandModule } from 'yargs';
import { shrinkCommand } from '../../harness/commands/shrink.ts';
import { ran } from './printed.ts';

const command = shrinkCommand as CommandModule<object, never>;

describe('shrink', () => {
  it('wants whole numbers of trials and repetitions', async () => {
    for (const option of ['trials', 'reps'])
      for (const count of ['0', '1.5']) {
        const { code, err } = await ran(command, ['shrink', 'nowhere', 'it', `--${option}`, count]);
        expect([code, err]).to.deep.equal([
          2,
          `upfault: shrink: --${option} ${count}: a whole number from 1 on is wanted\n`,
        ]);
      }
  });
});
