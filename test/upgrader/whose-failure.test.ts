/** Whose failure it is when a step cannot be carried out: the upgrade's, which goes on or is stopped, or the testbed's. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Step } from '../../harness/contract/step.ts';
import { HostLostError } from '../../harness/provision/shell.ts';
import { execute, type World } from '../../harness/upgrader/execute.ts';
import type { UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { runUpgrade } from '../../harness/upgrader/run-upgrade.ts';
import { StepLog } from '../../harness/upgrader/step-log.ts';
import { listen } from '../../harness/upgrader/upgrader.ts';
import { stepLogFiles } from './step-log-file.ts';

const newLog = stepLogFiles();

const about = (id: string) => ({ id, title: id, universe: 'old' as const, host: 'web1' });
const EXEC: Step = { kind: 'exec', ...about('web1/reload'), argv: ['reload'] };

/** A step of each kind that asks a host. */
const STEPS: readonly Step[] = [
  EXEC,
  { kind: 'service', ...about('web1/stop'), service: 'httpd', action: 'stop', argv: ['stop'] },
  { kind: 'write', ...about('web1/write'), path: '/etc/site', content: 'x', mode: '0644' },
  { kind: 'put', ...about('web1/put'), artifact: 'content', path: '/srv', mode: '0644' },
  {
    kind: 'carry',
    ...about('web1/carry'),
    from: { universe: 'old', host: 'web2', path: '/lib/a' },
    path: '/lib/b',
  },
  { kind: 'sql', ...about('db1/grant'), database: 'mysql', statements: 'SELECT 1;' },
  { kind: 'check', ...about('web1/check'), gate: 'health', argv: ['ask'], timeoutMs: 1 },
  {
    kind: 'balancer',
    ...about('web1/drain'),
    state: 'drain',
    commands: [{ host: 'lb1', argv: ['member', 'web1', 'drain'] }],
  },
];

/** How an engine refuses. */
const refused = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

/** Hosts of which nothing can be had but this error, and the engine's word on whether their container runs. */
function worldOf(error: Error, inspected: () => Promise<unknown>): World {
  const fail = () => Promise.reject(error);
  return {
    engine: { getContainer: () => ({ inspect: inspected }) },
    bindings: { universes: { old: { addresses: {} } }, images: {}, secrets: {}, pems: {}, startNs: '0' },
    hosts: { exec: fail, writeFile: fail, put: fail, carry: fail },
    nowMs: () => 0,
    repository: '/repository',
    onReading: () => undefined,
  } as unknown as World;
}

const lost = (silent: boolean) => new HostLostError('c-web1: lost', { container: 'c-web1', silent });
const running = (Running: boolean) => async () => ({ State: { Running } });
const noEngine = refused(500, 'connect ECONNREFUSED /var/run/docker.sock');
const engineIsGone = () => Promise.reject(noEngine);

const OF_THE_STEP: readonly [string, Error, () => Promise<unknown>][] = [
  ['is not there', refused(404, 'no such container: c-web1'), running(false)],
  ['is being removed', refused(409, 'container c-web1 is not running'), running(false)],
  ['ended', lost(false), running(false)],
  ['was removed meanwhile', lost(true), () => Promise.reject(refused(404, 'no such container: c-web1'))],
];

const OF_THE_TESTBED: readonly [string, Error, () => Promise<unknown>, Error?][] = [
  ['of which an engine that fails is asked', refused(500, 'server error'), running(true)],
  ['that no engine can be asked of', new Error('connect ECONNREFUSED'), running(true)],
  // What became of the host nobody can say: it is not to be taken for the upgrade's doing.
  ['that is lost together with its engine', lost(false), engineIsGone, noEngine],
];

async function failureOf(step: Step, world: World): Promise<Error> {
  return execute(step, world).then(
    () => expect.fail(`${step.id} was done`),
    (error: Error) => error,
  );
}

describe('a step that cannot be carried out', () => {
  for (const step of STEPS) {
    for (const [what, error, inspected] of OF_THE_STEP)
      it(`(${step.kind}) fails over a host that ${what}`, async () => {
        const failure = await failureOf(step, worldOf(error, inspected));
        expect(failure.name).to.equal('StepFailure');
        expect(failure.message).to.equal(`${step.id}: ${error.message}`);
        expect(failure.cause).to.equal(error);
      });

    for (const [what, error, inspected, thrown = error] of OF_THE_TESTBED)
      it(`(${step.kind}) is the testbed’s failure over a host ${what}`, async () => {
        expect(await failureOf(step, worldOf(error, inspected))).to.equal(thrown);
      });
  }
});

describe('an upgrade', () => {
  async function upgradeWith(world: World) {
    const told: UpgraderMessage[] = [];
    const file = newLog();
    const log = new StepLog(file);
    const outcome = await runUpgrade({
      ...{ upgrade: [EXEC], rollback: [], onFailure: 'halt', world, log },
      tell: (message) => told.push(message),
    }).catch((error: Error) => error);
    log.close();
    const again = new StepLog(file);
    const known = [again.isDone(EXEC.id), again.hasFailed(EXEC.id)];
    again.close();
    return { outcome, known, said: told.map(({ say }) => say) };
  }

  it('is stopped by a host that is gone, and remembers the step as failed', async () => {
    expect(await upgradeWith(worldOf(lost(false), running(false)))).to.deep.equal({
      outcome: { outcome: 'stopped', gate: 'step', failedSteps: [EXEC.id] },
      known: [false, true],
      said: ['step-start', 'step-end'],
    });
  });

  it('ends without an outcome where the testbed fails, and nothing is said of the step', async () => {
    expect(await upgradeWith(worldOf(noEngine, running(true)))).to.deep.equal({
      outcome: noEngine,
      known: [false, false],
      said: ['step-start'],
    });
  });

  it('fails the trial in the upgrader’s own words where the testbed failed there', async () => {
    const child = Object.assign(new EventEmitter(), {
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      killed: false,
    });
    const { ready, ended } = listen(child as unknown as ChildProcess, () => undefined);
    child.stdout.write('{"say":"ready"}\n');
    await ready;
    child.stdout.write('{"say":"testbed-failure","message":"Error: no engine"}\n');
    const failure = await ended.then(
      () => expect.fail('it had a result'),
      (error: Error) => error,
    );
    expect(failure.message).to.equal('upgrader: Error: no engine');
    child.stdout.end();
  });
});
