import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import type { Universe } from '../../harness/contract/topology.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

type Result = Reading['result'];

interface Wanted {
  readonly approach?: ApproachName;
  readonly reach?: 'one' | 'all';
  readonly seed?: number;
  readonly target?: Universe;
  readonly control?: boolean;
}

const planOf = (
  fault: string,
  { approach = 'rolling', reach = 'one', seed = 3, target = 'new', control = false }: Wanted = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [fault], reach, target }), {
    ...{ trialId: 't', approach, seed },
    fault: control ? 'none' : fault,
  }).plan;

const observationsOf = (plan: Plan): ObserveStep[] =>
  [...flatten(plan.upgrade), ...plan.observeAtEnd].filter((step) => step.kind === 'observe');

/** Every observation of a plan gives what `result` says for its host. */
const readingsOf = (plan: Plan, result: (host: string) => Result): Reading[] =>
  observationsOf(plan).map((step) => ({
    ...{ stepId: step.id, fault: step.fault, universe: step.universe, host: step.host },
    ...{ atMs: 1, result: result(step.host) },
  }));

/** Every step of a plan, done in order. */
const timelineOf = (plan: Plan): StepOutcome[] =>
  flatten(plan.upgrade).map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at, endMs: at + 1, outcome: 'done' as const, reason: '' },
  }));

const taken =
  (exitCode: number, stdout = '', stderr = '') =>
  (): Result => ({ taken: true, exitCode, stdout, stderr });

/** A replica's status, as the client prints it. */
const replicaStatus = (number: string, error: string) =>
  taken(
    0,
    `Slave_IO_Running\tLast_IO_Errno\tLast_IO_Error\n${number === '0' ? 'Yes' : 'No'}\t${number}\t${error}\n`,
  );

const SUM = (digit: string) => `${digit.repeat(64)}  -\n`;
const EQUAL_IDS =
  'Fatal error: The slave I/O thread stops because master and slave have equal MySQL server ids';

/** What is read where the fault is in effect, and where it is not; and the approaches that have steps for it. */
const CASES: Readonly<
  Record<
    string,
    {
      readonly present: (host: string) => Result;
      readonly absent: (host: string) => Result;
      readonly approaches: readonly ApproachName[];
      /** What the written text must have become. */
      readonly writes?: RegExp;
    }
  >
> = {
  'config-samename': {
    present: taken(0, 'http://10.0.0.3:8081 app1\nhttp://10.0.0.4:8081 app1\n'),
    absent: taken(0, 'http://10.0.0.3:8081 app1\nhttp://10.0.0.4:8081 app2\n'),
    approaches: ['rolling', 'imago'],
    writes: /route=app1 [\s\S]*route=app1 /,
  },
  'server-id-same': {
    present: replicaStatus('1593', EQUAL_IDS),
    absent: replicaStatus('0', ''),
    approaches: ['imago'],
    writes: /^# db2[\s\S]*^server-id +=\s*1$/m,
  },
  'apache-satisfy': { present: taken(0, '200'), absent: taken(0, '401'), approaches: ['rolling', 'imago'] },
  'url-denied': {
    present: taken(0, '403'),
    absent: taken(0, '200'),
    approaches: ['rolling', 'imago'],
    writes: /<Location "\/app\/items">\s+Require all denied\s+<\/Location>\s+<\/VirtualHost>/,
  },
  'url-unavailable': {
    present: taken(0, '404'),
    absent: taken(0, '200'),
    approaches: ['rolling', 'imago'],
    writes: /ProxyTimeout 6\s+ProxyPass "\/healthz"/,
  },
  'apache-largefile': {
    present: taken(0, '65536\n'),
    absent: taken(0, 'unlimited\n'),
    approaches: ['rolling', 'imago'],
  },
  'max-connections-low': {
    present: taken(0, 'setting\nis 10\n'),
    absent: taken(0, ''),
    approaches: ['imago'],
    writes: /^max-connections\s+= 10$/m,
  },
  'packet-too-small': {
    present: taken(0, 'setting\nis 4096\n'),
    absent: taken(0, ''),
    approaches: ['imago'],
    writes: /^max-allowed-packet\s+= 4K$/m,
  },
  'workers-too-few': {
    present: taken(0, '1 6\n'),
    absent: taken(0, '150 57\n'),
    approaches: ['rolling', 'imago'],
    writes: /^MaxRequestWorkers\s+1$/m,
  },
  'timeout-inversion': {
    present: taken(0, '8 2\n'),
    absent: taken(0, '8s 2\n'),
    approaches: ['rolling', 'imago'],
    writes: /timeout server 8$/m,
  },
  'sql-mode-lax': {
    present: taken(0, 'setting\nis NO_ENGINE_SUBSTITUTION\n'),
    absent: taken(0, ''),
    approaches: ['imago'],
    writes: /^\[mariadbd\]\nsql-mode = NO_ENGINE_SUBSTITUTION$/m,
  },
  'session-secret-differs': {
    present: (host) => taken(0, SUM(host === 'app1' ? 'a' : 'b'))(),
    absent: taken(0, SUM('a')),
    approaches: ['rolling', 'imago'],
    writes: /"@@secret:session-key@@-app[12]"/,
  },
  'cache-stale': { present: taken(0, 'old\n'), absent: taken(0, 'new\n'), approaches: ['rolling'] },
  'debug-on': {
    present: taken(0, '200'),
    absent: taken(0, '404'),
    approaches: ['rolling', 'imago'],
    writes:
      /"debug": true|<Location "\/balancer-manager">\s+SetHandler balancer-manager\s+Require all granted/,
  },
  'balance-skewed': {
    present: taken(0, 'web1 256\nweb2 1\n'),
    absent: taken(0, 'web1 1\nweb2 1\n'),
    approaches: ['rolling', 'imago'],
    writes: /server web1 .* weight 256\n\s*server web2 .* weight 1\n/,
  },
};

/** Faults of which nothing can be done on the hosts of the old universe, and why. All others can be mistaken so. */
const NOT_IN_THE_OLD: Readonly<Record<string, RegExp>> = {
  'apache-largefile': /not in the old universe: a server that runs goes on with the limits/,
  'cache-stale': /nothing has been cached on a host that the procedure sets up anew/,
};

it('has a case for every fault of type 2', () => {
  const known = (Object.values(faults) as Fault[]).filter(({ type }) => type === 2);
  expect(Object.keys(CASES).sort()).to.deep.equal(known.map(({ name }) => name).sort());
});

for (const [name, { present, absent, approaches, writes }] of Object.entries(CASES)) {
  const fault: Fault = faults[name as keyof typeof faults];

  describe(`fault ${name}`, () => {
    for (const approach of approaches) {
      describe(`under ${approach}`, () => {
        const plan = planOf(name, { approach });
        const control = planOf(name, { approach, control: true });

        it('changes what the steps do that it says, and no other', () => {
          expect(plan.applicability).to.deep.equal({ applies: true });
          expect(plan.edited).to.not.be.empty;
          const before = new Map(flatten(control.upgrade).map((step) => [step.id, step]));
          const untouched = (step: Step) => step.kind !== 'observe' && !plan.edited.includes(step.id);
          expect(plan.upgrade.filter(untouched)).to.deep.equal(control.upgrade.filter(untouched));
          for (const step of flatten(plan.upgrade).filter(({ edit }) => edit !== undefined)) {
            const { edit, ...rest } = step;
            expect(edit?.fault).to.equal(name);
            expect(rest).to.not.deep.equal(before.get(step.id));
            if (writes !== undefined) expect(step.kind === 'write' ? step.content : '').to.match(writes);
          }
        });

        it('is looked for in the same places on controls, after what it changed', () => {
          expect(observationsOf(plan)).to.not.be.empty;
          expect(observationsOf(control)).to.deep.equal(observationsOf(plan));
          const ids = plan.upgrade.map(({ id }) => id);
          for (const { id } of observationsOf(plan).filter((step) => ids.includes(step.id)))
            expect(ids.indexOf(id)).to.be.greaterThan(
              Math.min(...plan.edited.map((one) => ids.indexOf(one))),
            );
        });

        it('is found where it is in effect, and not on a control', () => {
          expect(fault.confirm(readingsOf(plan, present), timelineOf(plan)).verdict).to.equal('found');
          expect(fault.confirm(readingsOf(control, absent), timelineOf(control)).verdict).to.equal(
            'not-found',
          );
        });

        it('counts as not injected when its edit had no effect', () => {
          const evidence = fault.confirm(readingsOf(plan, absent), timelineOf(plan));
          const injection = injectionOf(plan, timelineOf(plan), [{ fault: name, evidence }]);
          expect(injection.outcome).to.equal('not-injected');
          expect(injectionOf(plan, [], [{ fault: name, evidence }]).outcome).to.equal('not-reached');
        });

        it('is not confirmed by what could not be read', () => {
          const lost = readingsOf(plan, () => ({ taken: false, reason: 'the host was gone' }));
          expect(fault.confirm([], timelineOf(plan)).verdict).to.equal('unreadable');
          expect(fault.confirm(lost, timelineOf(plan)).verdict).to.equal('unreadable');
          for (const garbled of [taken(2, '', 'no such file'), taken(7, '000', 'refused')])
            expect(fault.confirm(readingsOf(plan, garbled), timelineOf(plan)).verdict).to.equal('unreadable');
        });

        it('meets more hosts with reach all than with reach one, or is not about hosts of a pair', () => {
          const every = planOf(name, { approach, reach: 'all' }).edited.length;
          expect(every).to.be.at.least(plan.edited.length);
          if (!fault.tiers.includes('db')) expect(every).to.be.greaterThan(plan.edited.length);
        });
      });
    }

    it('looks at the file itself where the operator wrote it in the old universe, or cannot have done so', () => {
      const plan = planOf(name, { approach: 'imago', target: 'old' });
      const whyNot = NOT_IN_THE_OLD[name];
      expect(plan.applicability.applies).to.equal(whyNot === undefined);
      if (!plan.applicability.applies) {
        expect(plan.applicability.reason).to.match(whyNot ?? /^$/);
        return;
      }
      const looks = observationsOf(plan);
      expect(looks).to.not.be.empty;
      for (const look of looks)
        expect([look.universe, look.id]).to.satisfy(
          ([universe, id]: string[]) => universe === 'old' && id?.includes('/file-'),
        );
      expect(fault.confirm(readingsOf(plan, taken(0, '3:a line\n')), []).verdict).to.equal('found');
      expect(fault.confirm(readingsOf(plan, taken(1)), []).verdict).to.equal('not-found');
      expect(fault.confirm(readingsOf(plan, taken(2, '', 'no file')), []).verdict).to.equal('unreadable');
    });

    it('says why it has nothing to break under other approaches', () => {
      const others = (['none', 'rolling', 'imago'] as const).filter((one) => !approaches.includes(one));
      for (const approach of others) {
        const { applicability } = planOf(name, { approach });
        expect(applicability.applies ? '' : applicability.reason).to.match(new RegExp(`^${name}: .{20}`));
      }
    });
  });
}

describe('session keys of application hosts', () => {
  const fault: Fault = faults['session-secret-differs'];
  const plan = planOf('session-secret-differs');

  it('are not called equal when one of them could not be read', () => {
    const partly = readingsOf(plan, (host) =>
      host === 'app1' ? taken(0, SUM('a'))() : { taken: false, reason: 'the host was gone' },
    );
    expect(fault.confirm(partly, []).verdict).to.equal('unreadable');
  });
});

describe('what is left open to those who look for errors', () => {
  it('is one of two pages, by the seed', () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1)
      for (const id of planOf('debug-on', { seed }).edited) met.add(id.replace(/\d/, ''));
    expect([...met].sort()).to.deep.equal(['app/write-config', 'web/write-site']);
  });
});
