import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { ownIdentity } from '../../harness/provision/owner.ts';
import {
  AT_END,
  everything,
  LeftoversError,
  ofDeadOwners,
  sweep,
  sweepCampaign,
  sweepLeftovers,
  sweepUntilEmpty,
} from '../../harness/provision/sweep.ts';

const AT_ONCE = { ...AT_END, pauseMs: 1 };

function answering(statusCode: number): Promise<void> {
  return statusCode < 300
    ? Promise.resolve()
    : Promise.reject(Object.assign(new Error('has active endpoints'), { statusCode }));
}

/** An engine with one labelled network, whose removal it answers with a status, and what it says is connected. */
function engineThatAnswers(statusCode: number, connected?: Record<string, unknown>): Dockerode {
  const network = {
    remove: () => answering(statusCode),
    inspect: async () =>
      connected === undefined ? answering(404) : { Name: 'net-old', Containers: connected },
  };
  return {
    listContainers: async () => [],
    listNetworks: async () => [{ Id: 'n1', Name: 'net-old', Labels: { upfault: 'c' } }],
    listVolumes: async () => ({ Volumes: [] }),
    getNetwork: () => network,
  } as unknown as Dockerode;
}

/** An engine with one labelled container, of which it says for a while that it is being removed by somebody else. */
function engineBeingCleaned(conflicts: number): Dockerode {
  let asked = 0;
  const container = {
    remove: () => {
      asked += 1;
      return answering(asked <= conflicts ? 409 : 204);
    },
  };
  return {
    listContainers: async () =>
      asked <= conflicts ? [{ Id: 'c1', Names: ['/web1'], Labels: { upfault: 'c' } }] : [],
    listNetworks: async () => [],
    listVolumes: async () => ({ Volumes: [] }),
    getContainer: () => container,
  } as unknown as Dockerode;
}

async function failureOf(action: Promise<unknown>): Promise<Error> {
  const failure = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).to.be.an('error');
  return failure as Error;
}

describe('sweep', () => {
  it('counts what it removed', async () => {
    const count = await sweep(engineThatAnswers(204), everything);
    expect(count).to.include({ networks: 1 });
    expect(count.keptNetworks).to.deep.equal([]);
  });

  it('tells of a network that the engine keeps though nothing is connected to it', async () => {
    const count = await sweep(engineThatAnswers(403, {}), everything);
    expect(count).to.include({ networks: 0 });
    expect(count.keptNetworks).to.deep.equal(['net-old']);
  });

  it('counts a network as removed that is gone when it is looked at', async () => {
    const count = await sweep(engineThatAnswers(403), everything);
    expect(count).to.include({ networks: 1 });
    expect(count.keptNetworks).to.deep.equal([]);
  });

  it('fails while something is connected, with the name of the network', async () => {
    const failure = await failureOf(sweep(engineThatAnswers(403, { c1: {} }), everything));
    expect(failure.message).to.equal('remove network net-old: has active endpoints');
  });

  it('takes for left what is known to be, and nothing of which that cannot be told', () => {
    expect(ofDeadOwners({ 'upfault.owner': ownIdentity() })).to.equal(false);
    expect(ofDeadOwners({ 'upfault.owner': ownIdentity().replace(/:\d+:/, ':1:') })).to.equal(true);
    expect(ofDeadOwners({})).to.equal(false);
  });
});

describe('sweep until nothing is left', () => {
  it('ends without an error where the engine keeps a network, and names it: what ran before must not be lost', async () => {
    const { keptNetworks } = await sweepUntilEmpty(engineThatAnswers(403, {}), everything, AT_ONCE);
    expect(keptNetworks).to.deep.equal(['net-old']);
  });

  it('fails with what the engine refused to the end', async () => {
    const failure = await failureOf(
      sweepUntilEmpty(engineThatAnswers(403, { c1: {} }), everything, { ...AT_ONCE, most: 4 }),
    );
    expect(failure.message).to.contain('has active endpoints');
  });

  it('waits at the start for what a watchdog is removing, and counts it once', async () => {
    const count = await sweepLeftovers(engineBeingCleaned(2), 'run', everything, AT_ONCE);
    expect(count).to.include({ containers: 1, networks: 0 });
  });

  it('says what could not be removed, for which command, and what removes it', async () => {
    const engine = engineThatAnswers(403, { c1: {} });
    const few = { ...AT_ONCE, most: 2 };
    expect((await failureOf(sweepLeftovers(engine, 'run', everything, few))).message).to.equal(
      'run: remove what was left: remove network net-old: has active endpoints',
    );
    const left = await failureOf(sweepCampaign(engine, 'run', 'c', few));
    expect(left).to.be.instanceOf(LeftoversError);
    expect(left.message).to.match(
      /^run: not everything of c was torn down: remove network net-old: .*upfault clean/,
    );
  });
});
