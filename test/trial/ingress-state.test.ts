import { expect } from 'chai';
import type { ServiceStep, Step } from '../../harness/contract/step.ts';
import { ingressStatus } from '../../harness/trial/ingress-state.ts';

const ended = () => Promise.reject(new Error('ingress status: the command channel ended'));
const stopped = (host: string): ServiceStep => ({
  ...{ kind: 'service', id: `${host}/crash`, title: 'crash', universe: 'old', host, service: host },
  ...{ action: 'stop', argv: ['kill'] },
});

const asked = (status: () => Promise<unknown>, upgrade: readonly Step[], running: boolean) => {
  const inspect = async () => ({ State: { Running: running } });
  const system = {
    ingress: { status },
    ingressContainer: 'the-ingress',
    world: { engine: { getContainer: () => ({ inspect }) } },
  } as unknown as Parameters<typeof ingressStatus>[0];
  return ingressStatus(system, { upgrade }).then(
    (found) => found,
    (error: Error) => error.name,
  );
};

describe('the ingress after an upgrade', () => {
  it('says how it is', async () => {
    expect(await asked(async () => ({ inFlight: 0 }), [], true)).to.deep.equal({ inFlight: 0 });
  });

  it('is gone by the testbed’s failure where the plan did nothing to it', async () => {
    expect(await asked(ended, [stopped('web1')], true)).to.equal('EngineError');
  });

  it('is gone as planned where the plan ended it, but not where its machine has gone with it', async () => {
    expect(await asked(ended, [stopped('ingress')], true)).to.equal(undefined);
    expect(await asked(ended, [stopped('ingress')], false)).to.equal('EngineError');
  });
});
