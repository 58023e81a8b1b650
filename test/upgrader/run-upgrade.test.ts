import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { FailurePolicy } from '../../harness/contract/plan.ts';
import type { CheckStep, ExecStep, Step } from '../../harness/contract/step.ts';
import { finalStateOf } from '../../harness/observation/final-state.ts';
import { sideBySide } from '../../harness/plan/lanes.ts';
import type { World } from '../../harness/upgrader/execute.ts';
import type { UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { runUpgrade } from '../../harness/upgrader/run-upgrade.ts';
import { StepLog } from '../../harness/upgrader/step-log.ts';
import { stepLogFiles } from './step-log-file.ts';

const newLog = stepLogFiles();

const exec = (id: string, host: string): ExecStep => ({
  kind: 'exec',
  id,
  title: id,
  universe: 'old',
  host,
  argv: [id],
});
const check = (id: string, host: string): CheckStep => ({
  kind: 'check',
  id,
  title: id,
  universe: 'old',
  host,
  gate: 'health',
  argv: [id],
  timeoutMs: 1,
});

/** The second host's way back is gone where its drain or its installation was reached, the look in any case. */
const WAY_BACK: readonly Step[] = [
  exec('look', 'web1'),
  { ...exec('rollback/web2/back', 'web2'), undoes: ['web2/drain', 'web2/install'] },
  { ...exec('rollback/web1/back', 'web1'), undoes: ['web1/drain', 'web1/install'] },
];

/** Runs steps against hosts on which the commands named in `failing` exit with 1. */
async function upgrade(
  steps: readonly Step[],
  failing: readonly string[],
  onFailure: FailurePolicy,
  stepLog = newLog(),
) {
  const ran: string[] = [];
  const messages: UpgraderMessage[] = [];
  const hosts = {
    exec: async (_universe: string, _host: string, argv: readonly string[]) => {
      ran.push(argv[0] ?? '');
      return { exitCode: failing.includes(argv[0] ?? '') ? 1 : 0, stdout: '', stderr: 'refused' };
    },
  };
  let clockMs = 0;
  const world = {
    bindings: { universes: { old: { addresses: {} } }, images: {}, secrets: {}, pems: {}, startNs: '0' },
    hosts,
    nowMs: () => (clockMs += 1),
    repository: '',
    onReading: () => undefined,
  } as unknown as World;
  const log = new StepLog(stepLog);
  const result = await runUpgrade({
    upgrade: steps,
    rollback: WAY_BACK,
    onFailure,
    world,
    log,
    tell: (message) => messages.push(message),
  });
  log.close();
  const timeline = messages.flatMap((message) =>
    message.say === 'step-end' ? [{ ...message, endMs: message.atMs }] : [],
  );
  return { result, ran, timeline, state: finalStateOf(steps, timeline, result) };
}

describe('upgrade', () => {
  it('goes to its end when every step succeeds', async () => {
    const { result, ran } = await upgrade([exec('a', 'web1'), check('b', 'web1')], [], 'halt');
    expect(result).to.deep.equal({ outcome: 'upgraded', gate: '', failedSteps: [] });
    expect(ran).to.deep.equal(['a', 'b']);
  });

  it('works on the hosts of a stretch side by side, and ends what is under way when one fails', async () => {
    const apps = sideBySide('app', [
      exec('a1', 'app1'),
      exec('b1', 'app1'),
      exec('a2', 'app2'),
      exec('b2', 'app2'),
      exec('c2', 'app2'),
    ]);
    const whole = await upgrade([...apps, exec('after', 'web1')], [], 'halt');
    expect(whole.ran).to.deep.equal(['a1', 'a2', 'b1', 'b2', 'c2', 'after']);
    const { result, ran, timeline } = await upgrade([...apps, exec('after', 'web1')], ['b1'], 'halt');
    expect(result).to.deep.equal({ outcome: 'stopped', gate: 'step', failedSteps: ['b1'] });
    expect(ran).to.deep.equal(['a1', 'a2', 'b1', 'b2']);
    expect(timeline.map(({ stepId, outcome }) => `${stepId} ${outcome}`)).to.include('b2 done');
  });

  it('halts at a gate that is not passed, and names it', async () => {
    const { result, ran, state } = await upgrade(
      [exec('a', 'web1'), check('b', 'web1'), exec('c', 'web1')],
      ['b'],
      'halt',
    );
    expect(result).to.deep.equal({ outcome: 'stopped', gate: 'health', failedSteps: ['b'] });
    expect(ran).to.not.include('c');
    expect(state).to.equal('mixed');
  });

  it('leaves the old state when the first thing that would change it was not reached', async () => {
    const { state } = await upgrade([check('b', 'web1'), exec('c', 'web1')], ['b'], 'halt');
    expect(state).to.equal('old');
  });

  it('names a failed step that is no gate as what stopped it', async () => {
    const { result } = await upgrade([exec('a', 'web1')], ['a'], 'halt');
    expect(result).to.deep.equal({ outcome: 'stopped', gate: 'step', failedSteps: ['a'] });
  });

  it('halts where it would roll back, once a step has begun that takes away what the former release needs', async () => {
    const drop = (id: string): Step => ({ ...exec(id, 'web1'), noReturn: true });
    for (const failing of ['drop', 'after']) {
      const { result } = await upgrade([drop('drop'), exec('after', 'web1')], [failing], 'rollback');
      expect(result).to.include({ outcome: 'stopped', gate: 'step' });
    }
    const { result } = await upgrade([exec('before', 'web1'), drop('drop')], ['before'], 'rollback');
    expect(result).to.include({ outcome: 'rolled-back' });
  });

  it('rolls back what was begun, also at the step that failed, inside others, and where a step was left out', async () => {
    const install = exec('web1/install', 'web1');
    const both: Step = {
      ...{ kind: 'parallel', id: 'drain', title: 'drain', universe: 'old' },
      steps: [exec('web1/drain', 'web1'), exec('web2/drain', 'web2')],
    };
    const omitted: Step = {
      ...{ kind: 'omitted', id: 'web1/install', title: 'install', universe: 'old', was: install },
    };
    for (const [steps, failing, expected] of [
      [[exec('before', 'web1'), install], 'before', []],
      [[exec('before', 'web1'), exec('web1/drain', 'web1')], 'web1/drain', ['rollback/web1/back']],
      [[install, exec('web2/drain', 'web2')], 'web1/install', ['rollback/web1/back']],
      [[omitted, exec('after', 'web1')], 'after', ['rollback/web1/back']],
      [[both, exec('after', 'web1')], 'after', ['rollback/web2/back', 'rollback/web1/back']],
    ] as const) {
      const { result, ran } = await upgrade(steps, [failing], 'rollback');
      expect(result).to.deep.equal({ outcome: 'rolled-back', gate: 'step', failedSteps: [failing] });
      expect(ran.slice(ran.indexOf('look'))).to.deep.equal(['look', ...expected]);
    }
  });

  it('is stuck where a step of its way back fails', async () => {
    const steps = [exec('web1/drain', 'web1'), exec('web2/drain', 'web2')];
    const { result, ran } = await upgrade(steps, ['web2/drain', 'rollback/web2/back'], 'rollback');
    expect(result).to.include({ outcome: 'stuck', gate: 'step' });
    expect(ran).to.not.include('rollback/web1/back');
  });

  it('goes on after a failure with --on-failure continue, and remembers it', async () => {
    const { result, ran } = await upgrade([exec('a', 'web1'), exec('b', 'web1')], ['a'], 'continue');
    expect(result).to.deep.equal({ outcome: 'upgraded', gate: '', failedSteps: ['a'] });
    expect(ran).to.deep.equal(['a', 'b']);
  });

  it('goes on after a crash where its log ends, doing the interrupted step again', async () => {
    const stepLog = newLog();
    writeFileSync(stepLog, 'a\nb');
    const { ran } = await upgrade(
      [exec('a', 'web1'), exec('b', 'web1'), exec('c', 'web1')],
      [],
      'halt',
      stepLog,
    );
    expect(ran).to.deep.equal(['b', 'c']);
  });

  it('keeps a line that a crash cut off apart from those that follow', () => {
    const stepLog = newLog();
    writeFileSync(stepLog, 'a\nb');
    const log = new StepLog(stepLog);
    log.finish('b');
    log.close();
    const again = new StepLog(stepLog);
    expect(['a', 'b', 'bb'].map((id) => again.isDone(id))).to.deep.equal([true, true, false]);
    again.close();
  });

  it('records an omitted step as reached and does nothing', async () => {
    const omitted: Step = { kind: 'omitted', id: 'a', title: 'a', universe: 'old', was: exec('a', 'web1') };
    const { ran, timeline } = await upgrade([omitted, exec('b', 'web1')], [], 'halt');
    expect(ran).to.deep.equal(['b']);
    expect(timeline.map(({ stepId }) => stepId)).to.deep.equal(['a', 'b']);
  });
});
