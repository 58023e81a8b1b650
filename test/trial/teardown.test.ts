import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { teardownTrial } from '../../harness/trial/teardown.ts';

const LIMITS = { attempts: 3, deadlineMs: 5, pauseMs: 1 };

/** An engine without anything of the trial, whose answers to the first questions are these. */
function engineAnswering(...first: (() => Promise<never>)[]) {
  let asked = 0;
  const engine = {
    listContainers: async () => {
      const answer = first[asked];
      asked += 1;
      return answer === undefined ? [] : answer();
    },
    listNetworks: async () => [],
    listVolumes: async () => ({ Volumes: [] }),
  } as unknown as Dockerode;
  return { engine, asked: () => asked };
}

const stalls = () => new Promise<never>(() => undefined);
const refuses = () => Promise.reject(new Error('driver failed to remove the file system'));

describe('teardown of a trial', () => {
  it('is tried again after a stall, which is past its deadline, and after a refusal', async () => {
    const { engine, asked } = engineAnswering(stalls, refuses);
    await teardownTrial(engine, 'c', 't', { ...LIMITS, deadlineMs: 100 });
    expect(asked()).to.equal(3);
  });

  it('fails with what the engine said last, after the last attempt', async () => {
    const { engine, asked } = engineAnswering(stalls, stalls, refuses, refuses);
    const failure = await teardownTrial(engine, 'c', 't', LIMITS).catch((error: Error) => error.message);
    expect(failure).to.equal('tear down trial t: driver failed to remove the file system');
    expect(asked()).to.equal(3);
  });
});
