import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import { inScratch } from '../../harness/bench/scratch.ts';
import { syntheticRecord } from '../analysis/synthetic.ts';

const completed = syntheticRecord({ id: 'a', approach: 'none' });
const failed = syntheticRecord({
  ...{ id: 'b', approach: 'none' },
  record: { outcome: 'harness-failed', outcomeReason: 'no engine' },
});

describe('records of a benchmark', () => {
  let folder = '';

  async function failureOf(run: () => Promise<never> | Promise<(typeof completed)[]>): Promise<string> {
    const failure = await inScratch('bench it', (made) => {
      folder = made;
      return run();
    }).catch((error: Error) => error.message);
    expect(failure).to.be.a('string');
    return failure as string;
  }

  it('are gone once they have been measured, and when it is broken off', async () => {
    const records = await inScratch('bench it', async (made) => {
      folder = made;
      expect(existsSync(made)).to.equal(true);
      return [completed];
    });
    expect(records).to.deep.equal([completed]);
    expect(existsSync(folder)).to.equal(false);
    expect(await failureOf(() => Promise.reject(new Error('interrupted')))).to.equal('interrupted');
    expect(existsSync(folder)).to.equal(false);
  });

  it('stay where a trial went wrong, and the error says where', async () => {
    expect(await failureOf(async () => [completed, failed])).to.equal(
      `bench it: b ended as harness-failed: no engine; its record is in ${folder}`,
    );
    expect(existsSync(folder)).to.equal(true);
    await rm(folder, { recursive: true });
  });
});
