import { expect } from 'chai';
import type { Evidence } from '../../harness/contract/observation.ts';
import { AllSeen } from '../../harness/rehearsal/all-seen.ts';
import { findingsOf, procedureText, programmeOf } from '../../harness/rehearsal/programme.ts';
import type { UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { campaignRequest } from '../campaign/request.ts';

const asked = (faults: string[]) => campaignRequest({ approaches: ['rolling', 'imago'], faults });

describe('the programme of rehearsals', () => {
  it('has each fault once, where it first applies, and a control of each approach that looks for all', () => {
    const { rehearsals, inapplicable } = programmeOf(asked(['apache-port', 'egress-late']), false);
    expect(rehearsals.map(({ trial }) => trial.trialId)).to.deep.equal([
      'rolling-apache-port',
      'imago-egress-late',
      'rolling-control',
      'imago-control',
    ]);
    expect(inapplicable).to.deep.equal([]);
    const [, , rolling, imago] = rehearsals.map(({ plan }) => plan.shams);
    expect(rolling).to.deep.equal(['apache-port']);
    expect(imago).to.deep.equal(['apache-port', 'egress-late']);
  });

  it('has each fault under every approach in which it applies, when asked to', () => {
    const { rehearsals } = programmeOf(asked(['apache-port', 'egress-late']), true);
    const planted = rehearsals.filter(({ planted }) => planted.length > 0);
    expect(planted.map(({ trial }) => trial.trialId)).to.deep.equal([
      'rolling-apache-port',
      'imago-apache-port',
      'imago-egress-late',
    ]);
  });

  it('takes an option of the procedure for a fault that applies only with it, and a control that has it too', () => {
    const { rehearsals, inapplicable } = programmeOf(asked(['apache-port', 'buffer-cold']), false);
    expect(rehearsals.map(({ trial, plan }) => [trial.fault, procedureText(plan)])).to.deep.equal([
      ['apache-port', 'rolling'],
      ['buffer-cold', 'rolling --engine upgrade'],
      ['none', 'rolling'],
      ['none', 'imago'],
      ['none', 'rolling --engine upgrade'],
    ]);
    expect(new Set(rehearsals.map(({ trial }) => trial.trialId)).size, 'names').to.equal(rehearsals.length);
    expect(rehearsals.at(-1)?.plan.shams).to.deep.equal(['buffer-cold']);
    expect(inapplicable).to.deep.equal([]);
  });

  it('says of a fault that applies nowhere why', () => {
    const { rehearsals, inapplicable } = programmeOf(
      campaignRequest({ approaches: ['rolling'], faults: ['egress-late'] }),
      false,
    );
    expect(rehearsals).to.deep.equal([]);
    expect(inapplicable).to.have.length(1);
    expect(inapplicable[0]?.reasons.join()).to.match(/^egress-late: .{20}/);
  });
});

describe('what a rehearsal has to show', () => {
  const evidence = (verdict: Evidence['verdict']): Evidence =>
    verdict === 'found' ? { verdict, summary: '', stepIds: [] } : { verdict, summary: '' };
  const showing = (planted: Evidence['verdict'] | undefined, sham?: Evidence['verdict']) =>
    findingsOf({
      ...{ upgrade: 'upgraded', gate: '', steps: [], readings: [], wallS: 1 },
      planted: planted === undefined ? [] : [{ fault: 'a', evidence: evidence(planted) }],
      shams: sham === undefined ? [] : [{ fault: 'a', evidence: evidence(sham) }],
      injection: { outcome: 'completed' },
    }).map(({ asItMustBe }) => asItMustBe);

  it('is that a planted fault is found', () => {
    expect(showing('found')).to.deep.equal([true]);
    expect(showing('not-found')).to.deep.equal([false]);
    expect(showing('unreadable')).to.deep.equal([false]);
  });

  it('is that nothing is found on a control, and that everything could be read there', () => {
    expect(showing(undefined, 'not-found')).to.deep.equal([true]);
    expect(showing(undefined, 'found')).to.deep.equal([false]);
    expect(showing(undefined, 'unreadable')).to.deep.equal([false]);
  });
});

describe('a rehearsal has seen all', () => {
  const ended = (stepId: string): UpgraderMessage => ({
    ...{ say: 'step-end', atMs: 1, startMs: 0, stepId, kind: 'exec', outcome: 'done', reason: '' },
  });
  const plan = (fault: string) =>
    programmeOf(asked([fault]), false).rehearsals[0]?.plan ?? expect.fail('no plan');
  const isSettled = (promise: Promise<string>) => Promise.race([promise, Promise.resolve('waits')]);

  it('once every edited step was reached and every observation taken', async () => {
    const { edited, ...rest } = plan('index-missing');
    const seen = new AllSeen({ edited, ...rest });
    for (const id of edited) seen.hear(ended(id));
    expect(await isSettled(seen.done)).to.equal('waits');
    seen.hear(ended('observe/index-missing/index'));
    expect(await isSettled(seen.done)).to.equal('seen');
  });

  it('never before the end, where something is to be seen there', async () => {
    const { edited, ...rest } = plan('apache-port');
    const seen = new AllSeen({ edited, ...rest });
    for (const { id } of rest.upgrade) seen.hear(ended(id));
    expect(await isSettled(seen.done)).to.equal('waits');
  });
});
