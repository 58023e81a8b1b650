import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ImagoAction } from '../../harness/contract/imago-step.ts';
import type { ImagoStep, Step } from '../../harness/contract/step.ts';
import type { World } from '../../harness/upgrader/execute.ts';
import type { UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { runUpgrade, type UpgradeRun } from '../../harness/upgrader/run-upgrade.ts';
import { StepLog } from '../../harness/upgrader/step-log.ts';
import { stepLogFiles } from './step-log-file.ts';

const newLog = stepLogFiles();

const NEW = { host: '10.0.0.9', port: 443, serverName: 'site', ca: 'CA' };
const DATABASE = { host: 'db', port: 1, user: 'u', password: 'p', database: 'd' };
const step = (id: string, action: ImagoAction): ImagoStep => ({
  ...{ kind: 'imago', id, title: id, universe: 'new', action },
});

const UPGRADE: readonly Step[] = [
  step('imago/start-driver', { do: 'start-driver', old: DATABASE, new: DATABASE, projections: [] }),
  step('imago/start-egress', { do: 'start-egress' }),
  step('imago/start-transfer', { do: 'start-transfer' }),
  step('switch/hold', { do: 'hold', maxRequests: 10, maxMs: 100 }),
  step('switch/compare', { do: 'compare', scope: 'dirty' }),
  step('switch/redirect', { do: 'redirect', new: NEW }),
  step('switch/release', { do: 'release' }),
  step('imago/stop-driver', { do: 'stop-driver' }),
];

const GIVE_UP: readonly Step[] = [step('abort/end', { do: 'abort' })];

/** An upgrader that is started again after these lines of its log, with the ingress as it was found. */
async function startedAgain(
  log: readonly string[],
  found: { readonly holds?: boolean; readonly upstream?: string; readonly unequal?: boolean } = {},
  { upgrade, onFailure }: Pick<UpgradeRun, 'upgrade' | 'onFailure'> = {
    upgrade: UPGRADE,
    onFailure: 'rollback',
  },
) {
  const file = newLog();
  writeFileSync(file, log.map((line) => `${line}\n`).join(''));
  const asked: string[] = [];
  let hold = found.holds === true ? { holdId: 1, lastedMs: 900, peakWaiting: 3 } : undefined;
  let upstream = found.upstream ?? '10.0.0.1';
  const ingress = {
    status: async () => ({ hold, upstream: { host: upstream, port: 443 } }),
    hold: async () => {
      if (hold !== undefined) throw new Error('hold 1 still runs');
      asked.push('hold');
      hold = { holdId: 2, lastedMs: 0, peakWaiting: 0 };
    },
    release: async () => {
      asked.push('release');
      hold = undefined;
      return { lastedMs: 1, peakWaiting: 1, ended: 'released' };
    },
    redirect: async (_id: number, { host }: { host: string }) => {
      asked.push('redirect');
      upstream = host;
    },
  };
  const imago = {
    ingress: async () => ingress,
    driver: async () => {
      asked.push('compare');
      const mismatches = found.unequal === true ? [{ table: 't', key: '1', why: 'differs' }] : [];
      return { equal: mismatches.length === 0, chunks: 0, rows: 0, mismatches, ms: 1 };
    },
    suspend: async () => void asked.push('suspend'),
    reconnect: async (_connection: unknown, begun: object) =>
      void asked.push(`reconnect ${JSON.stringify(begun)}`),
    stopDriver: async () => void asked.push('stop-driver'),
    tell: () => undefined,
  };
  const messages: UpgraderMessage[] = [];
  const world = {
    engine: { ping: async () => undefined },
    bindings: { universes: { old: { addresses: {} }, new: { addresses: {} } }, secrets: {}, pems: {} },
    nowMs: () => 1,
    imago,
  } as unknown as World;
  const steps = new StepLog(file);
  const result = await runUpgrade({
    ...{ upgrade, rollback: GIVE_UP, onFailure, world, log: steps },
    tell: (message) => messages.push(message),
  });
  steps.close();
  const wentOn = messages.flatMap((message) =>
    message.say === 'went-on' ? message.done.map(({ stepId }) => stepId) : [],
  );
  return { asked, result, wentOn, file };
}

const TRANSFER = ['imago/start-driver', 'imago/start-egress', 'imago/start-transfer'];
const reconnect = (switched: boolean) => `reconnect {"egress":true,"transfer":true,"switched":${switched}}`;
const RECONNECT = reconnect(false);
const SWITCH = ['hold', 'compare', 'suspend', 'redirect', 'release', 'stop-driver'];

describe('upgrader that was killed and is started again', () => {
  it('connects to the driver again, and tells what was done before', async () => {
    const { asked, result, wentOn } = await startedAgain(TRANSFER);
    expect(asked).to.deep.equal([RECONNECT, ...SWITCH]);
    expect(result.outcome).to.equal('upgraded');
    expect(wentOn).to.deep.equal(TRANSFER);
  });

  for (const log of [TRANSFER, [...TRANSFER, 'switch/hold'], [...TRANSFER, 'switch/hold', 'switch/compare']])
    it(`lets go what waits and holds anew, if it died after ${log.at(-1)}`, async () => {
      const { asked, result } = await startedAgain(log, { holds: true });
      expect(asked).to.deep.equal(['release', RECONNECT, ...SWITCH]);
      expect(result.outcome).to.equal('upgraded');
    });

  it('never compares again once clients were sent to U_new, written down or not', async () => {
    const found = { holds: true, upstream: NEW.host, unequal: true };
    const { asked, result } = await startedAgain([...TRANSFER, 'switch/hold', 'switch/compare'], found);
    expect(asked).to.deep.equal([reconnect(true), 'release', 'stop-driver']);
    expect(result.outcome).to.equal('upgraded');
  });

  it('does not do again what had ended with a failure that was passed over', async () => {
    const terminated = [
      step('terminate/hold', { do: 'hold', maxRequests: 10, maxMs: 100 }),
      step('terminate/compare', { do: 'compare', scope: 'dirty' }),
      step('terminate/release', { do: 'release' }),
    ];
    const upgrade = [...UPGRADE.slice(0, 3), ...terminated, ...UPGRADE.slice(3)];
    const log = [...TRANSFER, 'terminate/hold', 'failed terminate/compare', 'terminate/release'];
    const { asked } = await startedAgain(log, {}, { upgrade, onFailure: 'continue' });
    expect(asked).to.deep.equal([RECONNECT, ...SWITCH]);
  });

  it('does not try again what had failed, but goes on giving up', async () => {
    const { asked, result } = await startedAgain([...TRANSFER, 'switch/hold', 'failed switch/compare'], {
      holds: true,
    });
    expect(asked).to.deep.equal(['release', 'stop-driver']);
    expect(result).to.include({ outcome: 'rolled-back', gate: 'checksums' });
  });

  it('needs no driver where that had been stopped', async () => {
    const all = UPGRADE.map(({ id }) => id);
    const { asked, result } = await startedAgain(all, { upstream: NEW.host });
    expect(asked).to.deep.equal([]);
    expect(result.outcome).to.equal('upgraded');
  });
});
