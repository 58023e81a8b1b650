import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { everything, sweep, sweepUntilEmpty } from '../../harness/provision/sweep.ts';

/** An engine with one labelled network, whose removal it answers with a status, and what it says is connected. */
function engineThatAnswers(statusCode: number, connected: Record<string, unknown>): Dockerode {
  const refusal = Object.assign(new Error('has active endpoints'), { statusCode });
  const network = {
    remove: async () => {
      if (statusCode !== 204) throw refusal;
    },
    inspect: async () => ({ Name: 'net-old', Containers: connected }),
  };
  return {
    listContainers: async () => [],
    listNetworks: async () => [{ Id: 'n1', Labels: { upfault: 'c' } }],
    listVolumes: async () => ({ Volumes: [] }),
    getNetwork: () => network,
  } as unknown as Dockerode;
}

describe('sweep', () => {
  it('counts what it removed', async () => {
    const count = await sweep(engineThatAnswers(204, {}), everything);
    expect(count).to.include({ networks: 1 });
    expect(count.keptNetworks).to.deep.equal([]);
  });

  it('tells of a network that the engine keeps though nothing is connected to it', async () => {
    const count = await sweep(engineThatAnswers(403, {}), everything);
    expect(count).to.include({ networks: 0 });
    expect(count.keptNetworks).to.deep.equal(['net-old']);
  });

  it('fails while something is connected', async () => {
    let failure: unknown;
    await sweep(engineThatAnswers(403, { c1: {} }), everything).catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.be.an('error').with.property('message', 'has active endpoints');
  });
});

describe('sweep until nothing is left', () => {
  it('ends without an error where the engine keeps a network, and names it: what ran before must not be lost', async () => {
    expect(await sweepUntilEmpty(engineThatAnswers(403, {}), everything, 30, 1)).to.deep.equal(['net-old']);
  });

  it('fails with what the engine refused to the end', async () => {
    let failure: unknown;
    await sweepUntilEmpty(engineThatAnswers(403, { c1: {} }), everything, 4, 1).catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.be.an('error').with.property('message').that.contains('has active endpoints');
  });
});
