import { expect } from 'chai';
import { prepareTrial } from '../../../harness/campaign/prepare.ts';
import type { Step } from '../../../harness/contract/step.ts';
import { campaignRequest } from '../../campaign/request.ts';

const upgradeOf = (engine: 'keep' | 'upgrade', hosts = 2): readonly Step[] =>
  prepareTrial(campaignRequest({ engine, hosts }), {
    trialId: 't',
    approach: 'rolling',
    fault: 'none',
    seed: 1,
  }).plan.upgrade;

describe('the database engine in a rolling upgrade', () => {
  it('is kept unless it is asked for, and then comes last', () => {
    const kept = upgradeOf('keep');
    const upgraded = upgradeOf('upgrade');
    expect(kept.some((step) => step.kind === 'install' && step.host.startsWith('db'))).to.equal(false);
    expect(upgraded.slice(0, kept.length)).to.deep.equal(kept);
    expect(upgraded.slice(kept.length).map(({ id }) => id)).to.deep.equal([
      ...[
        'db2/stop-mariadbd',
        'db2/install',
        'db2/write-database',
        'db2/start-mariadbd',
        'db2/upgrade-tables',
        'db2/warm-buffers',
      ],
      ...['db2/check', 'db2/write-primary', 'db1/refuse-writes', 'db2/take-over', 'db1/give-up-address'],
      ...[
        'db1/stop-mariadbd',
        'db1/install',
        'db1/write-database',
        'db1/start-mariadbd',
        'db1/upgrade-tables',
        'db1/warm-buffers',
      ],
      ...['db1/follow-db2', 'db1/check'],
    ]);
  });

  it('never has two servers that take writes, nor a former primary that takes them again when it starts', () => {
    const steps = upgradeOf('upgrade', 3);
    const at = (id: string) => steps.findIndex((step) => step.id === id);
    expect(at('db1/refuse-writes')).to.be.greaterThan(0).and.lessThan(at('db2/take-over'));
    const written = steps.flatMap((step) =>
      step.kind === 'write' && step.host.startsWith('db') ? [step] : [],
    );
    const roleOf = (content: string) => /^read-only +=\s*(ON|OFF)$/m.exec(content)?.[1];
    const roles = written.map(({ id, content }) => `${id} ${roleOf(content)}`);
    expect(roles).to.deep.equal([
      ...['db2/write-database ON', 'db3/write-database ON', 'db2/write-primary OFF', 'db1/write-database ON'],
    ]);
  });

  it('lets every other server follow the one that took over', () => {
    const statements = new Map(
      upgradeOf('upgrade', 3).flatMap((step) => (step.kind === 'sql' ? [[step.id, step.statements]] : [])),
    );
    for (const host of ['db1', 'db3'])
      expect(statements.get(`${host}/follow-db2`)).to.contain("MASTER_HOST = '@@address:db2@@'");
    expect(statements.get('db1/follow-db2')).to.contain('MASTER_DEMOTE_TO_SLAVE = 1');
    expect(statements.get('db3/follow-db2')).to.not.contain('DEMOTE');
  });
});
