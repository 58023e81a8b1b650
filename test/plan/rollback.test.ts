import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { ApproachName, Gates, Plan } from '../../harness/contract/plan.ts';
import type { World } from '../../harness/upgrader/execute.ts';
import { runUpgrade } from '../../harness/upgrader/run-upgrade.ts';
import type { StepLog } from '../../harness/upgrader/step-log.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (approach: ApproachName, gates: Gates = 'native') =>
  prepareTrial(
    campaignRequest({ approaches: [approach], faults: ['debug-on'], gates, onFailure: 'rollback' }),
    { ...{ trialId: 't', approach, fault: 'debug-on', seed: 2 } },
  ).plan;

/** An upgrade that fails at one step: which steps the operator then goes through, and what is looked at meanwhile. */
async function wayBackAfter({ upgrade, rollback, onFailure, observeAtEnd }: Plan, failing: string) {
  const met: string[] = [];
  const readings: Reading[] = [];
  const looks = new Set(observeAtEnd.map(({ id }) => id));
  // As if all had been done before, but what is looked at: it is the operator's course that counts here.
  const log = {
    goesOn: false,
    isDone: (id: string) => {
      met.push(id);
      return id !== failing && !looks.has(id);
    },
    hasFailed: (id: string) => id === failing,
    finish: () => undefined,
  } as unknown as StepLog;
  const world = {
    bindings: { universes: { old: { addresses: {} } }, images: {}, secrets: {}, pems: {}, startNs: '0' },
    hosts: { exec: async () => ({ exitCode: 1, stdout: '', stderr: 'refused' }) },
    nowMs: () => 0,
    onReading: (reading: Reading) => readings.push(reading),
  } as unknown as World;
  const result = await runUpgrade({ upgrade, rollback, onFailure, world, log, tell: () => undefined });
  const back = met.slice(met.indexOf(failing) + 1).filter((id) => !looks.has(id));
  return { result, readings, back };
}

/** What is brought back, in order: hosts by their installation, the entry by who takes its address. */
const inShort = (ids: readonly string[]) =>
  ids.flatMap((id) => /^rollback\/(\w+\/(?:install|take-entry))$/.exec(id)?.[1] ?? []);

const APPS = ['app2/install', 'app1/install'];
const BALANCED = ['web2/install', 'web1/install', ...APPS];
const HAND_BACK = ['lb1/take-entry', 'lb2/install', ...BALANCED];

/** Where an upgrade fails, and what has to be brought back then. */
const FAILING: readonly (readonly [string, readonly string[]])[] = [
  ['db1/expand-items', []],
  ['app1/drain', ['app1/install']],
  ['app1/stop-application', ['app1/install']],
  ['app1/clean-data', ['app1/install']],
  ['app2/install', APPS],
  ['web1/drain', ['web1/install', ...APPS]],
  ['web2/stop-httpd', BALANCED],
  ['lb2/stop-haproxy', ['lb2/install', ...BALANCED]],
  ['lb2/install', ['lb2/install', ...BALANCED]],
  ['lb2/check', ['lb2/install', ...BALANCED]],
  ['lb1/leave-entry', HAND_BACK],
  ['lb2/take-entry', HAND_BACK],
  ['lb1/release-entry', HAND_BACK],
  ['lb1/stop-haproxy', ['lb1/install', ...HAND_BACK]],
  ['lb1/install', ['lb1/install', ...HAND_BACK]],
];

describe('the way back', () => {
  it('begins, or drops the new universe, only once what is to be seen at the end was looked at', () => {
    for (const [approach, next] of [
      ['rolling', 'rollback/lb1/stop-haproxy'],
      ['imago', 'abort/drop-universe'],
    ] as const) {
      const plan = planOf(approach);
      const ids = plan.rollback.map(({ id }) => id);
      const looks = plan.observeAtEnd.map(({ id }) => id);
      expect(looks).to.not.be.empty;
      expect(ids.slice(ids.indexOf(next) - looks.length, ids.indexOf(next))).to.deep.equal(looks);
    }
    expect(planOf('none').rollback).to.deep.equal([]);
  });

  it('of a rolling upgrade takes these looks although no host was touched', async () => {
    const plan = planOf('rolling');
    const { result, readings } = await wayBackAfter(plan, 'db1/expand-items');
    expect(result).to.include({ outcome: 'rolled-back', gate: 'step' });
    expect(readings.map(({ stepId }) => stepId)).to.deep.equal(plan.observeAtEnd.map(({ id }) => id));
  });

  for (const [failing, expected] of FAILING)
    it(`of a rolling upgrade that failed at ${failing} undoes what was begun, and nothing else`, async () => {
      const { result, back } = await wayBackAfter(planOf('rolling'), failing);
      expect(result).to.include({ outcome: 'rolled-back' });
      expect(inShort(back)).to.deep.equal(expected);
      if (expected.length === 0) expect(back).to.deep.equal([]);
    });

  it('takes the entry from its present holder only once the former one is whole', async () => {
    const { back } = await wayBackAfter(planOf('rolling'), 'lb1/install');
    const at = (id: string) => back.indexOf(`rollback/${id}`);
    const order = ['lb1/check', 'lb2/leave-entry', 'lb1/take-entry', 'lb2/release-entry', 'lb2/stop-haproxy'];
    expect(order.map(at)).to.deep.equal(order.map(at).toSorted((a, b) => a - b));
    expect(order.map(at)).to.not.include(-1);
  });

  it('is walked through by the gate `same` only on hosts that are brought back', async () => {
    const plan = planOf('rolling', 'same');
    const { back } = await wayBackAfter(plan, 'web1/drain');
    expect(back.filter((id) => id.endsWith('-walk'))).to.deep.equal(['rollback/web1/check-walk']);
  });

  it('of an upgrade that gives up a parallel universe is gone through wherever that failed', async () => {
    const { back } = await wayBackAfter(planOf('imago'), 'db1/install');
    expect(back).to.deep.equal(['abort/end-transfer', 'abort/drop-universe']);
  });
});
