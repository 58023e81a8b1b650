import { expect } from 'chai';
import { startCourse } from '../../../harness/approaches/course.ts';
import type { Scenario } from '../../../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../../../harness/contract/step.ts';
import { makePlan, renderPlan } from '../../../harness/plan/plan.ts';
import { flatten } from '../../../harness/plan/rows.ts';
import { windowsByName } from '../../../harness/plan/windows.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';

const scenario: Scenario = auction;

function planOf(hosts: number, schemaPolicy: 'expand-contract' | 'in-place' = 'expand-contract') {
  return makePlan({
    scenario,
    approach: 'rolling',
    faults: [],
    shams: [],
    reach: 'one',
    target: 'new',
    gates: 'native',
    seed: 7,
    size: { hosts, scale: 0.02 },
    windows: windowsByName.quick,
    schemaPolicy,
    engine: 'keep',
    onFailure: 'halt',
    ratePerSecond: 150,
  });
}

function everyStep(hosts: number): Step[] {
  const plan = planOf(hosts);
  return flatten([...plan.provision, ...plan.upgrade, ...plan.rollback]);
}

function writesTo(steps: readonly Step[], host: string, path: string): WriteStep[] {
  return steps.filter(
    (step): step is WriteStep => step.kind === 'write' && step.host === host && step.path === path,
  );
}

describe('auction recipes', () => {
  for (const hosts of [2, 3, 4]) {
    it(`give every step an id of its own, with ${hosts} hosts a tier`, () => {
      const plan = planOf(hosts);
      for (const steps of [plan.provision, plan.upgrade, plan.rollback]) {
        const ids = flatten(steps).map((step) => step.id);
        expect(new Set(ids).size).to.equal(ids.length);
      }
    });

    it(`use only placeholders that the scenario declares, with ${hosts} hosts a tier`, () => {
      const known = new Set([
        ...[...scenario.hosts({ hosts, scale: 0.02 }).map(({ name }) => name), ...scenario.addresses].map(
          (name) => `address:${name}`,
        ),
        ...scenario.secrets.map((name) => `secret:${name}`),
        ...['ca.crt', ...scenario.certificates.flatMap(({ name }) => [`${name}.crt`, `${name}.key`])].map(
          (name) => `pem:${name}`,
        ),
      ]);
      const used = [...JSON.stringify(everyStep(hosts)).matchAll(/@@(.*?)@@/g)].map(
        (match) => match[1] ?? '',
      );
      expect(used).to.not.be.empty;
      expect([...new Set(used)].filter((name) => !known.has(name))).to.deep.equal([]);
    });
  }

  it('use every declared secret', () => {
    const text = JSON.stringify(everyStep(2));
    for (const name of scenario.secrets) expect(text).to.include(`@@secret:${name}@@`);
  });

  it('leave no template variable unfilled', () => {
    expect(JSON.stringify(everyStep(4))).to.not.match(/\{\{|\}\}|undefined/);
  });

  it('render the same bytes each time', () => {
    expect(renderPlan(planOf(2))).to.equal(renderPlan(planOf(2)));
  });

  it('change every configuration file between the releases', () => {
    const { context } = startCourse(scenario, { hosts: 2, scale: 0.02 }, 'old', 'old');
    const other = startCourse(scenario, { hosts: 2, scale: 0.02 }, 'old', 'new').context;
    for (const host of ['lb1', 'web1', 'app1']) {
      const before = scenario.recipe(host, 'old', context).configure;
      const after = scenario.recipe(host, 'new', other).configure;
      for (const step of before) {
        if (step.kind !== 'write' || step.path.endsWith('/ca.crt')) continue;
        const [counterpart] = writesTo(after, host, step.path);
        expect(counterpart?.content, `${host} ${step.path}`).to.be.a('string').and.not.equal(step.content);
      }
    }
  });

  it('start every service after its configuration is written, and check it afterwards', () => {
    const { context } = startCourse(scenario, { hosts: 2, scale: 0.02 }, 'old', 'old');
    for (const { name } of scenario.hosts({ hosts: 2, scale: 0.02 })) {
      for (const release of ['old', 'new'] as const) {
        const recipe = scenario.recipe(name, release, context);
        expect(recipe.start[0]?.kind, name).to.equal('service');
        expect(recipe.check.map((step) => step.kind)).to.deep.equal(['check']);
        expect(recipe.configure.some((step) => step.kind === 'write')).to.equal(true);
      }
    }
  });
});

describe('auction list of application hosts', () => {
  const { members } = scenario.facts.files;

  it('keeps a host that is being upgraded out of rotation while its port is changed', () => {
    const { upgrade } = planOf(2);
    const [repoint] = upgrade.filter((step) => step.id === 'web2/repoint-app1') as WriteStep[];
    expect(repoint?.path).to.equal(members);
    expect(repoint?.content).to.match(/"http:\/\/app1:8081" route=app1 .*status=\+S$/m);
    expect(repoint?.content).to.match(/"http:\/\/app2:8080" route=app2 .*ttl=2$/m);
  });

  it('is repointed before the host returns, and the web host rests while it reloads', () => {
    const ids = planOf(2).upgrade.map((step) => step.id);
    const order = [
      'app1/drain',
      'app1/stop-application',
      'app1/install',
      'app1/write-config',
      'app1/start-application',
      'app1/check',
      'web1/repoint-app1',
      'web1/drain-for-app1',
      'web1/reload-httpd-for-app1',
      'web1/enable-for-app1',
      'web2/repoint-app1',
      'app1/enable',
      'app1/clean-data',
    ];
    expect(ids.filter((id) => order.includes(id))).to.deep.equal(order);
  });

  it('names the ports of the new release once all application hosts run it', () => {
    const [list] = writesTo(
      planOf(2).upgrade.filter((step) => step.id === 'web1/write-members'),
      'web1',
      members,
    );
    expect(list?.content.match(/:8081"/g)).to.have.length(2);
    expect(list?.content).to.not.match(/:8080|^BalancerMember.*status=/m);
  });
});

describe('auction access rules', () => {
  it('ask for a password in the administration area and deny the way around it', () => {
    for (const step of everyStep(2)) {
      if (step.kind !== 'write' || step.path !== scenario.facts.files.site) continue;
      expect(step.content).to.match(/^ *Require valid-user$/m);
      expect(step.content).to.match(/<LocationMatch "\^\/app\/\+admin">\s+Require all denied/);
    }
  });

  it('keep files with secrets from other users', () => {
    for (const step of everyStep(2)) {
      if (step.kind !== 'write' || !/@@secret:|\.key@@/.test(step.content)) continue;
      expect(step.mode, step.path).to.match(/^0[46][04]0$/);
    }
  });
});
