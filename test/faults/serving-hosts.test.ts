import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (
  fault: string,
  { approach = 'rolling' as ApproachName, seed = 3, reach = 'one' as 'one' | 'all' } = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [fault], engine: 'upgrade', reach }), {
    ...{ trialId: 't', approach, seed, fault },
  }).plan;

const lookedAt = ({ upgrade, observeAtEnd }: Plan) =>
  [...upgrade, ...observeAtEnd].flatMap((step) => (step.kind === 'observe' ? [step.host] : []));

describe('settings of the database server', () => {
  it('are written wrongly for the host that is the primary once the engine is upgraded', () => {
    for (const fault of ['max-connections-low', 'packet-too-small', 'sql-mode-lax']) {
      const plan = planOf(fault);
      expect(plan.edited, fault).to.deep.equal(['db2/write-database', 'db2/write-primary']);
      expect(lookedAt(plan)).to.deep.equal(['db2']);
      expect(planOf(fault, { reach: 'all' }).edited).to.include('db1/write-database');
    }
  });

  it('give the former primary, which is the replica then, the number of its successor', () => {
    const plan = planOf('server-id-same');
    expect(plan.edited).to.deep.equal(['db1/write-database']);
    const write = plan.upgrade.find(({ id }) => id === 'db1/write-database');
    expect(write?.kind === 'write' ? write.content : '').to.match(/^server-id +=\s*2$/m);
    expect(lookedAt(plan)).to.deep.equal(['db1']);
  });
});

describe('faults of a balancer', () => {
  it('meet the one that serves in the end, under either approach', () => {
    for (const [approach, serving] of [
      ['rolling', 'lb2'],
      ['imago', 'lb1'],
    ] as const) {
      const met = new Set<string>();
      const faults = ['balance-skewed', 'timeout-inversion', 'certificate-old', 'protocol-mismatch'];
      for (const fault of [...faults, 'config-typo'])
        for (let seed = 1; seed <= 12; seed += 1)
          for (const id of planOf(fault, { approach, seed }).edited)
            if (id.startsWith('lb')) met.add(`${fault} ${id.split('/')[0]}`);
      expect([...met].sort()).to.deep.equal(
        [...faults, 'config-typo'].map((fault) => `${fault} ${serving}`).sort(),
      );
    }
  });

  it('meet both with reach all', () => {
    expect(planOf('balance-skewed', { reach: 'all' }).edited).to.have.members([
      'lb1/write-balancer',
      'lb2/write-balancer',
    ]);
  });
});
