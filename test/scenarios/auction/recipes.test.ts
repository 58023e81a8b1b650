import { expect } from 'chai';
import { faults } from '../../../faults/catalogue.ts';
import { startCourse } from '../../../harness/approaches/course.ts';
import type { Fault } from '../../../harness/contract/fault.ts';
import type { Scenario } from '../../../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../../../harness/contract/step.ts';
import { makePlan, type PlanRequest, renderPlan } from '../../../harness/plan/plan.ts';
import { flatten } from '../../../harness/plan/rows.ts';
import { windowsByName } from '../../../harness/plan/windows.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';

const scenario: Scenario = auction;

function planOf(hosts: number, over: Partial<PlanRequest> = {}) {
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
    schemaPolicy: 'expand-contract',
    engine: 'keep',
    onFailure: 'halt',
    ratePerSecond: 150,
    ...over,
  });
}

const catalogue: readonly Fault[] = Object.values(faults);

/** A fault as it is planted: with another, where it is nothing alone. */
const shown = (fault: Fault): Fault[] => [fault, ...catalogue.filter(({ name }) => name === fault.shownWith)];

function everyStep(hosts: number): Step[] {
  const plan = planOf(hosts);
  return flatten([...plan.provision, ...plan.upgrade, ...plan.rollback]);
}

function writesTo(steps: readonly Step[], host: string, path: string): WriteStep[] {
  return steps.filter(
    (step): step is WriteStep => step.kind === 'write' && step.host === host && step.path === path,
  );
}

/** Names that placeholders may hold: what the scenario declares. */
function declared(hosts: number): Set<string> {
  const machines = scenario.hosts({ hosts, scale: 0.02 }).map(({ name }) => name);
  const certificates = scenario.certificates.flatMap(({ name }) => [`${name}.crt`, `${name}.key`]);
  return new Set([
    ...[...machines, ...scenario.addresses].map((name) => `address:${name}`),
    ...scenario.secrets.map((name) => `secret:${name}`),
    ...['ca.crt', ...certificates].map((name) => `pem:${name}`),
  ]);
}

/**
 * Placeholders of a text that are not closed, or that nobody declared. Those of declared differences are filled in
 * while answers are compared.
 */
function strayPlaceholders(text: string, known: ReadonlySet<string>): string[] {
  return [...text.matchAll(/@@(\w+:[\w.-]*)(@@)?/g)]
    .filter(([, name = '', end]) => end === undefined || !(known.has(name) || /^(form|body):/.test(name)))
    .map(([whole]) => whole);
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
      const known = declared(hosts);
      const used = [...JSON.stringify(everyStep(hosts)).matchAll(/@@(.*?)@@/g)].map(
        (match) => match[1] ?? '',
      );
      expect(used).to.not.be.empty;
      expect([...new Set(used)].filter((name) => !known.has(name))).to.deep.equal([]);
    });
  }

  for (const approach of ['rolling', 'imago'] as const) {
    it(`use only such placeholders whatever the fault that ${approach} meets`, () => {
      const known = declared(2);
      for (const fault of catalogue) {
        for (const engine of ['keep', 'upgrade'] as const) {
          const plan = planOf(2, { approach, engine, faults: shown(fault) });
          if (!plan.applicability.applies) continue;
          const text = JSON.stringify([plan.provision, plan.upgrade, plan.rollback, plan.observeAtEnd]);
          expect(strayPlaceholders(text, known), `${fault.name}, engine: ${engine}`).to.deep.equal([]);
        }
      }
    });
  }

  it('are met by every fault under one approach or the other', () => {
    const ways = [
      { approach: 'rolling', engine: 'keep' },
      { approach: 'rolling', engine: 'upgrade' },
      { approach: 'imago' },
    ] as const;
    const met = (fault: Fault) =>
      ways.some((way) => planOf(2, { ...way, faults: shown(fault) }).applicability.applies);
    expect(catalogue.filter((fault) => !met(fault)).map(({ name }) => name)).to.deep.equal([]);
  });

  it('have placeholders in which a mistake is found', () => {
    const known = declared(2);
    const text = '@@address:db1@@ @@address:db9@@ @@secret:admin-password@ @@from:item@@ @@form:item@@';
    expect(strayPlaceholders(text, known)).to.deep.equal([
      '@@address:db9@@',
      '@@secret:admin-password',
      '@@from:item@@',
    ]);
  });

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
  const writes = everyStep(2).filter((step): step is WriteStep => step.kind === 'write');

  it('ask for a password in the administration area and deny the way around it', () => {
    const sites = writes.filter(({ path }) => path === scenario.facts.files.site);
    expect(sites.map(({ id }) => id)).to.have.members(
      ['provision/', '', 'rollback/'].flatMap((part) => [`${part}web1/write-site`, `${part}web2/write-site`]),
    );
    for (const { content } of sites) {
      expect(content).to.match(/^ *Require valid-user$/m);
      expect(content).to.match(/<LocationMatch "\^\/app\/\+admin">\s+Require all denied/);
    }
  });

  it('keep files with secrets from other users', () => {
    const secret = writes.filter(({ content }) => /@@secret:|\.key@@/.test(content));
    expect(secret.map(({ id }) => id)).to.have.members([
      ...['provision/', '', 'rollback/'].flatMap((part) =>
        ['app1/write-config', 'app2/write-config', 'web1/write-key', 'web2/write-key'].map((id) => part + id),
      ),
      ...['provision/', '', 'rollback/'].flatMap((part) =>
        ['lb1', 'lb2'].map((balancer) => `${part}${balancer}/write-certificate`),
      ),
    ]);
    for (const { mode, path } of secret) expect(mode, path).to.match(/^0[46][04]0$/);
  });
});
