import { expect } from 'chai';
import type { ImagoAction } from '../../harness/contract/imago-step.ts';
import type { ImagoStep, ObserveStep } from '../../harness/contract/step.ts';
import { ChannelBroken, CommandRefused, NoReply } from '../../harness/imago/command-channel.ts';
import type { HoldStatus } from '../../harness/imago/ingress-control.ts';
import { EngineError } from '../../harness/provision/engine.ts';
import { observe, type World } from '../../harness/upgrader/execute.ts';
import { executeImago } from '../../harness/upgrader/imago-step.ts';
import { StepFailure } from '../../harness/upgrader/step-failure.ts';

const step = (action: ImagoAction): ImagoStep => ({
  kind: 'imago',
  id: `switch/${action.do}`,
  title: action.do,
  universe: 'new',
  action,
});

const entry = { host: '10.0.0.9', port: 443, serverName: 'site.test', ca: 'none' };
const redirect = step({ do: 'redirect', new: entry });
const release = step({ do: 'release' });

const hold = (ended?: HoldStatus['ended']): HoldStatus => ({
  ...{ holdId: 7, limits: { maxRequests: 10, maxMs: 10 }, waiting: 3, peakWaiting: 5, lastedMs: 12 },
  ...(ended === undefined ? {} : { ended }),
});

/** A world whose ingress says that this was the latest hold; what it is asked and what is told is kept. */
function worldWith(first: HoldStatus | undefined, upstream = { ...entry, host: '10.0.0.1' }) {
  let latest = first;
  let expires = false;
  const expireAtRelease = () => {
    expires = true;
  };
  const asked: string[] = [];
  const told: string[] = [];
  const ingress = {
    status: async () => ({ inFlight: 4, upstream, ...(latest === undefined ? {} : { hold: latest }) }),
    upstream: async () => void asked.push('upstream'),
    redirect: async (holdId: number) => {
      if (latest?.ended !== undefined) throw new CommandRefused(`hold ${holdId} does not run`);
      asked.push(`redirect ${holdId}`);
    },
    release: async (holdId: number) => {
      if (expires) {
        latest = hold('time-limit');
        throw new CommandRefused(`hold ${holdId} does not run`);
      }
      asked.push(`release ${holdId}`);
      return hold('released');
    },
  };
  const driver = { status: async () => ({ copiedRows: 9, pendingKeys: 2, dirtyKeys: 1, rowsPerSecond: 5 }) };
  const world = {
    engine: { ping: async () => undefined },
    bindings: { universes: { new: { addresses: {} } }, secrets: {}, pems: {} },
    nowMs: () => 1,
    imago: {
      ingress: async () => ingress,
      driver: async (ask: (control: typeof driver) => unknown) => ask(driver),
      suspend: async () => undefined,
      stopDriver: async () => void asked.push('stop-driver'),
      tell: ({ what }: { what: string }) => void told.push(what),
    },
  } as unknown as World;
  return { world, asked, told, expireAtRelease };
}

const failureOf = (doing: Promise<void>): Promise<string> =>
  doing.then(
    () => '',
    (error: Error) => error.message,
  );

describe('steps of Imago at the ingress', () => {
  it('redirect and release what a hold lets wait, and tell how long that was', async () => {
    const { world, asked, told } = worldWith(hold());
    await executeImago(redirect, world);
    await executeImago(release, world);
    expect(asked).to.deep.equal(['redirect 7', 'release 7']);
    expect(told).to.deep.equal(['quiescence']);
  });

  for (const [name, latest] of [
    ['was never made', undefined],
    ['was released before', hold('released')],
  ] as const) {
    it(`send everything on at once where a hold ${name}, and tell of no quiescence`, async () => {
      const { world, asked, told } = worldWith(latest);
      await executeImago(redirect, world);
      await executeImago(release, world);
      expect(asked).to.deep.equal(['upstream']);
      expect(told).to.deep.equal([]);
    });
  }

  it('fail where the hold had ended by its own limit before everything was equal or redirected', async () => {
    const { world, told } = worldWith(hold('time-limit'));
    expect(await failureOf(executeImago(redirect, world))).to.match(/does not run/);
    expect(await failureOf(executeImago({ ...release, universe: 'old' }, world))).to.match(/time-limit/);
    expect(told).to.deep.equal(['quiescence']);
  });

  it('go on where the limit ended a hold after everything was redirected', async () => {
    const { world, told } = worldWith(hold('time-limit'));
    await executeImago(release, world);
    expect(told).to.deep.equal(['quiescence']);
  });

  it('give up although the hold expires between the look at it and its release', async () => {
    const { world, told, expireAtRelease, asked } = worldWith(hold());
    expireAtRelease();
    await executeImago(step({ do: 'abort' }), world);
    expect(asked).to.deep.equal(['stop-driver']);
    expect(told).to.deep.equal(['quiescence']);
  });

  it('leave a redirection alone that was made already', async () => {
    const { world, asked } = worldWith(hold('time-limit'), entry);
    await executeImago(redirect, world);
    expect(asked).to.deep.equal([]);
  });
});

describe('a step of Imago that goes wrong', () => {
  const compare = step({ do: 'compare', scope: 'dirty' });

  /** What becomes of the step where the driver, or the ingress, is asked in vain. */
  async function failureWith(error: Error, running: boolean): Promise<Error> {
    const inspect = async () => {
      if (!running) throw Object.assign(new Error('no such container'), { statusCode: 404 });
      return { State: { Running: true } };
    };
    const world = {
      engine: { getContainer: () => ({ inspect }) },
      bindings: { imago: { ingress: 'the-ingress', machine: { container: 'the-driver' } } },
      imago: { driver: () => Promise.reject(error), tell: () => undefined },
    } as unknown as World;
    return executeImago(compare, world).then(
      () => expect.fail('it was done'),
      (failure: Error) => failure,
    );
  }

  const refused = new CommandRefused('driver compare: U_new: access denied');
  const died = new ChannelBroken('driver', 'driver compare: the command channel ended');

  it('has failed by what a machine refused, and by a process that died on a machine that runs', async () => {
    for (const error of [refused, died]) {
      const failure = await failureWith(error, true);
      expect(failure).to.be.instanceOf(StepFailure);
      expect(failure.message).to.equal(`switch/compare: ${error.message}`);
    }
  });

  it('is the testbed’s failure where the engine, the way to a machine, or the testbed itself is at fault', async () => {
    const faults = [
      new EngineError('start the driver’s machine: no space left on device'),
      Object.assign(new Error('(HTTP code 500) server error'), { statusCode: 500 }),
      new TypeError('undefined is not a function'),
      new NoReply('ingress status: no reply within 10000 ms'),
    ];
    for (const error of faults) expect(await failureWith(error, true)).to.equal(error);
    expect(await failureWith(died, false)).to.equal(died);
  });
});

describe('the verdict on live requests', () => {
  const judge = step({ do: 'verdict', minimumCompared: 60, limitMs: 1_000 });

  /** A world in which the driver was started again as often, by the end of each comparison in turn. */
  function worldJudging(comparisons: readonly { readonly passed: boolean; readonly restarts: number }[]) {
    const asked: string[] = [];
    const left = [...comparisons];
    const imago = {
      restarts: 0,
      whileFollowing: async (work: Promise<unknown>) => work,
      tell: () => undefined,
      machineAddress: '10.0.0.2',
      ingress: async () => ({
        mirror: async () => void asked.push('mirror'),
        mirrorStop: async () => {
          asked.push('mirror-stop');
          return { sent: 9, dropped: 0 };
        },
      }),
      tester: async () => ({
        start: async () => ({ port: 7 }),
        stop: async () => {
          asked.push('stop');
          return { writes: 2 };
        },
        verdict: async () => {
          asked.push('verdict');
          const { passed, restarts } = left.shift() ?? expect.fail('asked once more');
          imago.restarts = restarts;
          return {
            ...{ passed, reason: 'two mismatches', compared: 9, agreed: 7, mismatched: 2, mismatches: [] },
            learned: { requests: 1 },
          };
        },
      }),
    };
    const world = { engine: { ping: async () => undefined }, imago } as unknown as World;
    return { world, asked };
  }

  it('fails the step where answers differ', async () => {
    const { world, asked } = worldJudging([{ passed: false, restarts: 0 }]);
    expect(await failureOf(executeImago(judge, world))).to.match(/gate compare-engine: two mismatches/);
    expect(asked).to.deep.equal(['verdict']);
  });

  it('is asked for anew where the driver died meanwhile, for the new universe stood still', async () => {
    const { world, asked } = worldJudging([
      { passed: false, restarts: 1 },
      { passed: true, restarts: 1 },
    ]);
    await executeImago(judge, world);
    expect(asked).to.deep.equal(['verdict', 'mirror-stop', 'stop', 'mirror', 'verdict']);
  });

  it('fails the step where answers differ once the driver follows again', async () => {
    const { world } = worldJudging([
      { passed: false, restarts: 1 },
      { passed: false, restarts: 1 },
    ]);
    expect(await failureOf(executeImago(judge, world))).to.match(/two mismatches/);
  });
});

describe('observations of Imago’s machines', () => {
  const look = (machine: 'ingress' | 'driver'): ObserveStep => ({
    ...{ kind: 'observe', id: 'look', title: 'Look', universe: 'old', host: machine, fault: 'any' },
    observation: { read: 'imago', machine },
  });
  const toldTo = async (machine: 'ingress' | 'driver', world: World) => {
    const { result } = await observe(look(machine), world);
    return result.taken ? JSON.parse(result.stdout) : result.reason;
  };

  it('say whether requests wait, and how many are in flight', async () => {
    expect(await toldTo('ingress', worldWith(hold()).world)).to.deep.equal({
      ...{ holding: true, waiting: 3, inFlight: 4 },
    });
    expect(await toldTo('ingress', worldWith(hold('released')).world)).to.include({
      holding: false,
      waiting: 0,
    });
    expect(await toldTo('ingress', worldWith(undefined).world)).to.include({ holding: false });
  });

  it('say what is copied, pending and uncompared, and that interception has not begun', async () => {
    expect(await toldTo('driver', worldWith(undefined).world)).to.deep.equal({
      ...{ copiedRows: 9, pendingKeys: 2, dirtyKeys: 1, egress: null },
    });
  });

  it('are not taken where there is no such machine', async () => {
    const { world } = worldWith(undefined);
    expect(await toldTo('driver', { ...world, imago: undefined })).to.match(/driver: only a step/);
  });
});
