import { expect } from 'chai';
import { limitCalls, type Modem } from '../../harness/provision/call-limit.ts';

type Options = Parameters<Modem['dial']>[0];
type Answer = Parameters<Modem['dial']>[1];

/** A client whose calls are answered by the test, or never; limited to a moment. */
function client() {
  const dialled: { options: Options; answer: Answer }[] = [];
  const modem: Modem = { dial: (options, answer) => void dialled.push({ options, answer }) };
  limitCalls({ modem }, 5);
  const ask = (options: Options) =>
    new Promise<unknown>((resolve, reject) =>
      modem.dial(options, (error, data) => (error === null ? resolve(data) : reject(error))),
    );
  return { modem, dialled, ask };
}

describe('limit on calls to the engine', () => {
  it('ends one that is not answered, and says which', async () => {
    const { ask, dialled } = client();
    const failure = await ask({ method: 'GET', path: '/containers/c/json?' }).catch((error: Error) => error);
    expect((failure as Error).message).to.equal(
      'ask the container engine: GET /containers/c/json: no answer within 5 ms',
    );
    expect(dialled[0]?.options.abortSignal?.aborted).to.equal(true);
  });

  it('leaves a conversation alone once it has begun', async () => {
    const { ask, dialled } = client();
    const begun = ask({ method: 'POST', path: '/exec/e/start', isStream: true, hijack: true });
    dialled[0]?.answer(null, 'a stream');
    expect(await begun).to.equal('a stream');
    // Another call's limit, set later, is over: so would this one's be.
    await ask({ method: 'GET', path: '/_ping' }).catch(() => undefined);
    expect(dialled[0]?.options.abortSignal?.aborted).to.equal(false);
  });

  it('does not hold for what comes as it is made, or ends when it likes', () => {
    const { modem, dialled } = client();
    for (const options of [
      { method: 'POST', path: '/build?', isStream: true },
      { method: 'POST', path: '/containers/c/wait?' },
    ])
      modem.dial(options, () => undefined);
    expect(dialled.map(({ options }) => options.abortSignal)).to.deep.equal([undefined, undefined]);
  });

  it('is set once for a client that is asked for again', () => {
    const { modem } = client();
    const { dial } = modem;
    limitCalls({ modem }, 5);
    expect(modem.dial).to.equal(dial);
  });
});
