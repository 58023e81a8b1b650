/** What single faults of broken environments do to the steps, and how they look for it. */
import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (name: string, { approach = 'imago' as ApproachName, seed = 3 } = {}): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [name] }), {
    ...{ trialId: 't', approach, seed, fault: name },
  }).plan;
const observationsOf = (plan: Plan): ObserveStep[] =>
  [...flatten(plan.upgrade), ...plan.observeAtEnd].filter((step) => step.kind === 'observe');
const editedSteps = (plan: Plan): Step[] => flatten(plan.upgrade).filter(({ edit }) => edit !== undefined);
/** The command that is looked with first. */
const lookOf = (plan: Plan): readonly string[] => {
  const [look] = observationsOf(plan);
  return look?.observation.read === 'command' ? look.observation.argv : [];
};

describe('fault disk-full', () => {
  it('fills what logs are written to, or what the database cannot commit without, and looks there', () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 24; seed += 1) {
      const plan = planOf('disk-full', { seed });
      const [save] = editedSteps(plan);
      const path = lookOf(plan).at(-1) ?? '';
      expect(save?.kind === 'exec' ? save.argv.join(' ') : '').to.contain(`of=${path}/saved.img `);
      met.add(`${save?.kind === 'exec' ? save.host.replace(/\d/, '') : ''} ${path}`);
    }
    expect([...met].sort()).to.deep.equal(['db /srv/storage', 'db /var/log/auction', 'web /var/log/auction']);
  });
});

describe('fault apache-lib', () => {
  it('copies the old library to a host of a parallel universe, leaves the old host alone, and keeps others from waiting', () => {
    const { upgrade, edited } = planOf('apache-lib');
    const steps = edited.map((id) => upgrade.find((step) => step.id === id));
    expect(
      steps.map((step) => step && [step.id.split('/')[1], step.kind, step.universe, step.lane?.stretch]),
    ).to.deep.equal([
      ['carry-over-file', 'carry', 'new', 'web'],
      ['register-libraries', 'exec', 'new', 'web'],
    ]);
    const lanes = upgrade.filter(({ lane }) => lane?.stretch === 'web').map((step) => upgrade.indexOf(step));
    expect(Math.max(...lanes) - Math.min(...lanes)).to.equal(lanes.length - 1);
  });

  it('looks into the memory of the server, and asks the loader where none runs', () => {
    const words = lookOf(planOf('apache-lib')).join(' ');
    expect(words).to.match(/\/maps[\s\S]*apachectl -t[\s\S]* \/usr\/local\/lib\/libcrypto\.so\.3$/);
  });
});

describe('fault module-defective', () => {
  it('makes an empty file that the server is to load, and asks the server whether it does', () => {
    for (const approach of ['rolling', 'imago'] as const) {
      const plan = planOf('module-defective', { approach });
      const [use, ...others] = editedSteps(plan);
      expect(others).to.deep.equal([]);
      expect(use?.kind === 'exec' ? use.argv : []).to.include.members([
        ': >"$1" && sed -i "s#$2#$1#" "$3"',
        '/usr/local/lib/mod_proxy.so',
      ]);
      expect(lookOf(plan).join(' ')).to.contain('apachectl -t').and.contain('Cannot load');
    }
  });
});

describe('fault certificate-old', () => {
  it('leaves a host an expired certificate, or another’s with its key, by the seed', () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 24; seed += 1)
      for (const step of editedSteps(planOf('certificate-old', { seed }))) {
        const names = step.kind === 'write' ? [...step.content.matchAll(/@@pem:([\w-]+)\./g)] : [];
        expect(names).to.not.be.empty;
        for (const [, name] of names)
          met.add(`${step.id.replaceAll(/\d.*/g, '')} ${name?.replace(/\d/, '')}`);
      }
    expect([...met].sort()).to.deep.equal([
      'lb site-expired',
      'lb web-new',
      'web site-new',
      'web web-expired',
    ]);
  });

  it('is found by a name that the certificate served is not for', () => {
    const served = (match: string): Reading => ({
      ...{ stepId: 'observe/certificate-old/served-lb1', fault: 'certificate-old', universe: 'new' },
      ...{ host: 'lb1', atMs: 1 },
      result: {
        ...{ taken: true, exitCode: 0, stderr: '' },
        stdout: `notAfter=Dec 23 18:00:00 2026 GMT\nCertificate will not expire\nHostname a.test ${match} certificate\n`,
      },
    });
    const { confirm } = faults['certificate-old'];
    expect(confirm([served('does NOT match')], []).verdict).to.equal('found');
    expect(confirm([served('does match')], []).verdict).to.equal('not-found');
  });
});

describe('fault firewall-left', () => {
  const met = (target: 'new' | 'old' = 'new') =>
    Array.from({ length: 16 }, (_, seed) => {
      const request = campaignRequest({ approaches: ['imago'], faults: ['firewall-left'], target });
      return prepareTrial(request, { trialId: 't', approach: 'imago', seed, fault: 'firewall-left' }).plan;
    });

  it('leaves out that an application host is opened, and shuts a database host by hand', () => {
    const edits = met().flatMap(editedSteps);
    const told = edits.map(({ id, edit }) => `${id.replace(/\d/, '')} ${edit?.change}`);
    expect([...new Set(told)].sort()).to.deep.equal([
      'app/open-port omitted',
      'db/shut-port-by-hand inserted',
    ]);
  });

  it('shuts a live host by hand where that is taken for the new one, at the port of its release', () => {
    const edits = met('old').flatMap(editedSteps);
    const ports = edits.map((step) =>
      step.kind === 'exec' ? /dport (\d+)/.exec(step.argv.join(' '))?.[1] : '',
    );
    expect([...new Set(ports)].sort()).to.deep.equal(['3306', '8080']);
  });

  it('takes a rule for evidence once the procedure should have lifted it, unless a connection came about', () => {
    const { confirm } = faults['firewall-left'];
    const read = (label: string, exitCode: number, stdout: string): Reading => ({
      ...{ stepId: `observe/firewall-left/${label}/app1/open-port`, fault: 'firewall-left' },
      ...{ universe: 'old', host: label === 'rule' ? 'app1' : 'app2', atMs: 1 },
      result: { ...{ taken: true, exitCode, stdout, stderr: '' } },
    });
    const rule = read('rule', 0, 'tcp dport 8081 counter packets 2 bytes 120 drop\n');
    const opened = {
      ...{
        stepId: 'app1/open-port',
        kind: 'exec',
        startMs: 1,
        endMs: 2,
        outcome: 'done' as const,
        reason: '',
      },
    };
    const dropped = confirm([rule, read('asked', 0, 'Connection timed out\n')], [opened]);
    expect(dropped).to.include({ verdict: 'found' });
    expect(dropped.summary).to.contain('2 packets met “drop”; app2 tried: Connection timed out');
    expect(confirm([rule, read('asked', 0, 'open\n')], [opened]).verdict).to.equal('not-found');
    expect(confirm([rule, read('asked', 0, 'Connection timed out\n')], []).verdict).to.equal('not-found');
  });
});
