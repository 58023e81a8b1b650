import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import type { Step } from '../../harness/contract/step.ts';
import { observationsOf, planOf, readingsOf, timelineOf } from './procedural-plans.ts';

describe('a host that is not put back into rotation', () => {
  const SEEDS = [1, 2, 3, 4, 5, 6, 7];
  const lists = (steps: readonly Step[]) =>
    steps.flatMap((step) =>
      step.kind === 'write' && /members|haproxy/.test(step.path) ? [{ id: step.id, text: step.content }] : [],
    );

  it('is out of rotation in every list of members that is written later', () => {
    const marks = new Set<string>();
    for (const reach of ['one', 'all'] as const)
      for (const seed of SEEDS) {
        const { upgrade } = planOf('enable-omitted', 'rolling', { seed, reach });
        for (const omitted of upgrade.filter(({ kind }) => kind === 'omitted')) {
          const host = omitted.id.split('/')[0] ?? '';
          const later = lists(upgrade.slice(upgrade.indexOf(omitted)));
          const naming = later.filter(({ text }) => new RegExp(`\\b(route=|server )${host}\\b`).test(text));
          expect(naming, omitted.id).to.not.be.empty;
          for (const { id, text } of naming) {
            const line = new RegExp(`^.*\\b(?:route=|server )${host}\\b.*( status=\\+S| disabled)$`, 'm');
            expect(text, id).to.match(line);
            marks.add(line.exec(text)?.[1] ?? '');
          }
        }
      }
    expect([...marks].sort()).to.deep.equal([' disabled', ' status=+S']);
  });

  it('is no evidence where the upgrade ended before it should have been put back', () => {
    const plan = planOf('enable-omitted', 'rolling', { control: true });
    const out = readingsOf(plan, 'enable-omitted', () => ({
      ...{ taken: true, exitCode: 0, stdout: 'drain\n', stderr: '' },
    }));
    const { confirm } = faults['enable-omitted'];
    expect(confirm(out, []).verdict).to.equal('not-found');
    expect(confirm(out, timelineOf(plan)).verdict).to.equal('found');
  });

  it('is none that is put back before it is checked: nothing takes it out again', () => {
    for (const seed of SEEDS) {
      const { upgrade } = planOf('enable-before-check', 'rolling', { seed });
      const check = upgrade.findIndex(({ edit }) => edit?.change === 'moved');
      const [host] = upgrade[check]?.id.split('/') ?? [];
      const enable = upgrade.findIndex(({ id }) => id === `${host}/enable`);
      expect(enable).to.be.within(0, check);
      for (const { id, text } of lists(upgrade.slice(enable)))
        expect(text, id).to.not.match(new RegExp(`route=${host}\\b.*status`));
    }
  });
});

describe('fault contract-early', () => {
  const plan = planOf('contract-early', 'rolling');
  const gone = readingsOf(plan, 'contract-early', () => ({
    ...{ taken: true, exitCode: 0, stdout: 'gone\ntrigger items_shapes_insert\n', stderr: '' },
  }));
  const confirm = (until: string, outcome: 'done' | 'failed' = 'done') => {
    const whole = timelineOf(plan);
    const at = whole.findIndex(({ stepId }) => stepId === until);
    const reached = whole.slice(0, at + 1).map((step, index) => (index === at ? { ...step, outcome } : step));
    const taken = new Set([...reached.map(({ stepId }) => stepId), ...plan.observeAtEnd.map(({ id }) => id)]);
    return faults['contract-early'].confirm(
      gone.filter(({ stepId }) => taken.has(stepId)),
      reached,
    ).verdict;
  };

  it('is found where the first or a later drop failed, before the host was installed', () => {
    expect(confirm('db1/contract-triggers', 'failed')).to.equal('found');
    expect(confirm('db1/contract-bids', 'failed')).to.equal('found');
  });

  it('is not found where the upgrade ended before anything was dropped', () => {
    expect(confirm('db1/expand-items', 'failed')).to.equal('not-found');
  });

  it('asks for the first trigger as well as for a column', () => {
    const asked = observationsOf(plan, 'contract-early').map(({ observation }) =>
      observation.read === 'sql' ? observation.statement : '',
    );
    expect(asked).to.have.length(2);
    for (const statement of asked)
      expect(statement).to.contain("'initial_price'").and.contain("TRIGGER_NAME = 'items_shapes_insert'");
  });
});

describe('fault check-omitted', () => {
  const skipped = (composition: string, seed: number) =>
    planOf(composition, 'rolling', { seed }).upgrade.flatMap(({ id, edit }) =>
      edit?.fault === 'check-omitted' ? [id] : [],
    );

  it('skips the checks of the hosts that the other fault meets, whichever comes first', () => {
    for (const seed of [1, 2, 3, 4, 5, 6])
      for (const other of ['start-omitted', 'omit@web2/write-site']) {
        const [edited] = planOf(other, 'rolling', { seed }).edited;
        const expected = [`${edited?.split('/')[0]}/check`];
        expect(skipped(`check-omitted+${other}`, seed)).to.deep.equal(expected);
        expect(skipped(`${other}+check-omitted`, seed)).to.deep.equal(expected);
      }
  });

  it('skips all checks where the other fault meets no host that is checked', () => {
    expect(skipped('check-omitted+index-missing', 1)).to.deep.equal(
      ['app1', 'app2', 'web1', 'web2', 'lb2', 'lb1'].map((host) => `${host}/check`),
    );
  });
});

describe('fault wrong-shutdown', () => {
  it('shuts one host down, all of them with reach all, before the web hosts’ stretch begins', () => {
    const victims = (reach: 'one' | 'all') =>
      [1, 2, 3, 4, 5, 6].map((seed) => {
        const { upgrade, edited } = planOf('wrong-shutdown', 'imago', { seed, reach, hosts: 4 });
        const last = upgrade.findIndex(({ id }) => id === edited.at(-1));
        const next = upgrade.slice(last + 1).find(({ kind }) => kind !== 'observe');
        expect(next?.id).to.equal('web1/install');
        for (const id of edited) expect(upgrade.find((step) => step.id === id)?.lane).to.equal(undefined);
        return edited;
      });
    for (const edited of victims('one')) expect(edited).to.have.length(1);
    expect(victims('one').flat()).to.include('db4/shut-down-mariadbd');
    expect(new Set(victims('all').map(({ length }) => length))).to.deep.equal(new Set([3, 4]));
  });
});

describe('fault app-before-schema', () => {
  it('looks for a column, which a schema with the index alone has not', () => {
    const [look] = observationsOf(planOf('app-before-schema', 'rolling'), 'app-before-schema');
    const statement = look?.observation.read === 'sql' ? look.observation.statement : '';
    expect(statement).to.contain("COLUMN_NAME = 'buy_now_cents'").and.not.contain('items_hot');
  });
});

describe('fault old-config-on-one', () => {
  const { confirm } = faults['old-config-on-one'];
  const plan = planOf('old-config-on-one', 'rolling');
  const verdictOf = (texts: Readonly<Record<string, string>>) =>
    confirm(
      readingsOf(plan, 'old-config-on-one', ({ host }) => ({
        ...{ taken: true, exitCode: 0, stdout: texts[host] ?? '', stderr: '' },
      })).filter(({ host }) => texts[host] !== undefined),
      timelineOf(plan),
    ).verdict;

  it('leaves one host of the tier the right file, whatever the reach', () => {
    for (const [hosts, edited] of [
      [2, 1],
      [4, 3],
    ] as const)
      expect(planOf('old-config-on-one', 'rolling', { reach: 'all', hosts }).edited).to.have.length(edited);
  });

  it('is in effect where the hosts’ files differ, or the only one that was written is the old one', () => {
    expect(verdictOf({ web1: 'aaaaaaaaaaaa old', web2: 'cccccccccccc new' })).to.equal('found');
    expect(verdictOf({ web1: 'aaaaaaaaaaaa old' })).to.equal('found');
    expect(verdictOf({ web1: 'aaaaaaaaaaaa old', web2: 'aaaaaaaaaaaa old' })).to.equal('not-found');
    expect(verdictOf({ web1: 'cccccccccccc new' })).to.equal('not-found');
  });
});
