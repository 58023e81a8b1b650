import { expect } from 'chai';
import type { ImagoAction } from '../../harness/contract/imago-step.ts';
import type { ImagoStep, Step } from '../../harness/contract/step.ts';
import { CommandRefused } from '../../harness/imago/command-channel.ts';
import { finalStateOf, servingAfter } from '../../harness/observation/final-state.ts';
import { imagoRecordOf } from '../../harness/trial/imago-record.ts';
import type { World } from '../../harness/upgrader/execute.ts';
import type { ImagoNews, UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { runUpgrade } from '../../harness/upgrader/run-upgrade.ts';
import { StepLog } from '../../harness/upgrader/step-log.ts';
import { stepLogFiles } from './step-log-file.ts';

const newLog = stepLogFiles();

const ENTRY = { host: '@@address:entry@@', port: 443, serverName: 'site', ca: 'CA' };

const step = (id: string, action: ImagoAction): ImagoStep => ({
  kind: 'imago',
  id,
  title: id,
  universe: 'new',
  action,
});

const INSTALL: Step = {
  kind: 'exec',
  id: 'web1/configure',
  title: 'configure',
  universe: 'new',
  host: 'web1',
  argv: ['configure'],
};

const SWITCH: readonly Step[] = [
  INSTALL,
  step('switch/hold', { do: 'hold', maxRequests: 10, maxMs: 100 }),
  step('switch/drain-requests', { do: 'drain-requests', limitMs: 50 }),
  step('switch/drain-egress', { do: 'drain-egress', limitMs: 50 }),
  step('switch/compare', { do: 'compare', scope: 'dirty' }),
  step('switch/redirect', { do: 'redirect', new: ENTRY }),
  step('switch/release', { do: 'release' }),
  step('imago/stop-driver', { do: 'stop-driver' }),
];

const GIVE_UP: readonly Step[] = [
  step('abort/end-transfer', { do: 'abort' }),
  step('abort/drop-universe', { do: 'drop-universe' }),
];

/** Machines that note what they are told; `wrong` says what goes wrong. */
function machines(wrong: 'nothing' | 'unequal' | 'client-never-ends' | 'hold-expires' | 'driver-stays') {
  const told: string[] = [];
  const news: ImagoNews[] = [];
  let hold: { holdId: number; lastedMs: number; peakWaiting: number; ended?: string } | undefined;
  let upstream = 'old';
  const ingress = {
    status: async () => ({ hold, mirror: undefined }),
    hold: async () => {
      hold = { holdId: 1, lastedMs: 0, peakWaiting: 3 };
    },
    drain: async () => {
      if (wrong === 'client-never-ends') throw new CommandRefused('1 request still in flight');
    },
    redirect: async (_holdId: number, address: { host: string }) => {
      upstream = address.host;
    },
    upstream: async (address: { host: string }) => {
      upstream = `unheld ${address.host}`;
    },
    release: async () => {
      hold = {
        holdId: 1,
        lastedMs: 12,
        peakWaiting: 3,
        ended: wrong === 'hold-expires' ? 'time-limit' : 'released',
      };
      return hold;
    },
  };
  const driver = {
    drainEgress: async () => ({ keys: 4, ms: 1 }),
    compare: async () => ({
      equal: wrong !== 'unequal',
      chunks: 1,
      rows: 4,
      mismatches: wrong === 'unequal' ? [{ table: 'bids', key: '7', why: 'differs' }] : [],
      ms: 2,
    }),
  };
  const control = {
    ingress: async () => ingress,
    driver: async (ask: (machine: typeof driver) => unknown) => ask(driver),
    drainEgress: async () => driver.drainEgress(),
    suspend: async () => undefined,
    stopDriver: async () => {
      told.push('stop-driver');
      if (wrong === 'driver-stays') throw new CommandRefused('the driver does not stop');
    },
    tell: (one: ImagoNews) => news.push(one),
  };
  return {
    control,
    told,
    news,
    upstream: () => upstream,
    held: () => hold !== undefined && hold.ended === undefined,
  };
}

async function upgrade(wrong: Parameters<typeof machines>[0]) {
  const imago = machines(wrong);
  const removed: string[] = [];
  const messages: UpgraderMessage[] = [];
  let clockMs = 0;
  const addresses = { entry: '10.0.0.9' };
  const world = {
    engine: {
      ping: async () => undefined,
      getContainer: (name: string) => ({ remove: async () => void removed.push(name) }),
    },
    bindings: {
      universes: { old: { addresses }, new: { addresses, containers: { web1: 'new-web1', db1: 'new-db1' } } },
      images: {},
      secrets: {},
      pems: {},
      startNs: '0',
    },
    hosts: {
      exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
      forget: () => undefined,
    },
    nowMs: () => (clockMs += 1),
    repository: '',
    onReading: () => undefined,
    imago: imago.control,
  } as unknown as World;
  const log = new StepLog(newLog());
  const tell = (message: UpgraderMessage) => messages.push(message);
  const run = { upgrade: SWITCH, rollback: GIVE_UP, onFailure: 'rollback' as const, world, log, tell };
  const result = await runUpgrade(run);
  log.close();
  const timeline = messages.flatMap((message) =>
    message.say === 'step-end' ? [{ ...message, endMs: message.atMs }] : [],
  );
  return {
    ...{ ...imago, result, removed },
    state: finalStateOf(SWITCH, timeline, result),
    serving: servingAfter(SWITCH, timeline),
  };
}

describe('upgrade beside the live system', () => {
  it('switches while requests are held, and U_new serves', async () => {
    const { result, state, serving, upstream, held, news, removed } = await upgrade('nothing');
    expect(result.outcome).to.equal('upgraded');
    expect([state, serving, upstream(), held()]).to.deep.equal(['new', 'new', '10.0.0.9', false]);
    expect(removed).to.deep.equal([]);
    const { quiescences } = imagoRecordOf(news, null, { reach: 'new', holding: false, running: [] });
    expect(quiescences).to.deep.equal([{ phase: 'switch', lastedMs: 12, peakWaiting: 3, ended: 'released' }]);
  });

  it('never goes on over a mismatch: what waits goes to U_old, and U_new is dropped', async () => {
    const { result, state, serving, upstream, held, told, removed } = await upgrade('unequal');
    expect(result).to.include({ outcome: 'rolled-back', gate: 'checksums' });
    expect([state, serving, upstream(), held()]).to.deep.equal(['old', 'old', 'old', false]);
    expect(told).to.deep.equal(['stop-driver']);
    expect(removed).to.deep.equal(['new-web1', 'new-db1']);
  });

  it('gives up where a client never ends its request', async () => {
    const { result, state, upstream, held } = await upgrade('client-never-ends');
    expect(result).to.include({ outcome: 'rolled-back', gate: 'step' });
    expect([state, upstream(), held()]).to.deep.equal(['old', 'old', false]);
  });

  it('cannot go back once clients were sent to U_new', async () => {
    const { result, state, serving, removed } = await upgrade('driver-stays');
    expect(result.outcome).to.equal('stopped');
    expect([state, serving]).to.deep.equal(['new', 'new']);
    expect(removed).to.deep.equal([]);
  });

  it('is not undone by a hold that its limit ended after the redirection', async () => {
    const { result, state, news } = await upgrade('hold-expires');
    expect(result.outcome).to.equal('upgraded');
    expect(state).to.equal('new');
    expect(news.find(({ what }) => what === 'quiescence')?.figures.ended).to.equal('time-limit');
  });
});
