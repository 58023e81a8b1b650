import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial, variantsOf } from '../../harness/campaign/prepare.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { plantedAs } from '../../harness/campaign/selection.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import { PROCEDURE_OPTIONS } from '../../harness/explain/entry.ts';
import { type Explanation, explain } from '../../harness/explain/explanation.ts';
import { explanationText } from '../../harness/explain/text.ts';
import { campaignRequest } from '../campaign/request.ts';

const request = campaignRequest();
const all: readonly Fault[] = Object.values(faults);
const of = (fault: string, around = 3) => explain(request, fault, { around, options: [] });
const rowsOf = ({ plan }: Explanation) =>
  (plan?.parts ?? []).flatMap((part) => ('rows' in part ? part.rows : []));

describe('an explanation', () => {
  for (const fault of all) {
    it(`of ${fault.name} tells what it is, where in the plan, and how it is seen`, () => {
      const explained = of(fault.name);
      const text = explanationText(explained).replaceAll(/\s+/g, ' ');
      for (const told of [fault.dependency, fault.confirmedBy, fault.summary])
        expect(text).to.include(told.replaceAll(/\s+/g, ' '));
      if (fault.provenance.includes('unverified')) expect(text).to.include('unverified');
      if (fault.provenance !== 'upfault') expect(text).to.include('source unknown');
      expect(
        rowsOf(explained).some(({ edit }) => edit.includes(fault.name)),
        'a row that it edits',
      ).to.equal(true);
      for (const { applies, approach, reason } of explained.appliesTo)
        expect(reason === '', `${approach}: ${reason}`).to.equal(applies);
    });

    it(`of ${fault.name} gives a session that a shell can read, for the very plan that is shown`, () => {
      const { approach, option, byHand, plan } = of(fault.name);
      const planted = plantedAs(fault);
      const { status, stderr } = spawnSync('sh', ['-n'], { input: byHand.join('\n'), encoding: 'utf8' });
      expect(status, stderr).to.equal(0);
      const command = byHand.find((line) => line.startsWith('./upfault run')) ?? '';
      expect(command).to.include(
        [`--approach ${approach} --fault ${planted}`, option ?? '', '--controls 0']
          .filter((word) => word !== '')
          .join(' '),
      );
      const run = campaignRequest({
        approaches: [approach],
        faults: [planted],
        controls: 0,
        ...PROCEDURE_OPTIONS.find((one) => one.option === option)?.asked,
      });
      const [trial] = scheduleOf(run, variantsOf(run));
      expect(trial?.seed).to.equal(plan?.seed);
      const observed = [
        ...(trial === undefined ? [] : prepareTrial(run, trial).plan.observeAtEnd),
        ...(trial === undefined ? [] : prepareTrial(run, trial).plan.upgrade),
      ].filter((step) => step.kind === 'observe');
      for (const { title } of observed) expect(byHand.join('\n')).to.include(title);
      for (const id of trial === undefined ? [] : prepareTrial(run, trial).plan.edited)
        expect(byHand.join('\n')).to.include(`"stepId":"${id}"`);
      expect(byHand.join('\n'), 'nothing is left for the upgrader to fill in').to.not.match(
        /@@(address|secret|pem):/,
      );
    });
  }

  it('shows some steps around the edit, and all of them when asked to', () => {
    const some = rowsOf(of('apache-port'));
    const whole = rowsOf(of('apache-port', Infinity));
    expect(some.length).to.be.within(5, 9);
    expect(whole.length).to.be.greaterThan(100);
    expect(whole.map(({ stepId }) => stepId)).to.include.members(some.map(({ stepId }) => stepId));
  });

  it('of a composition has both faults, both edits and one session', () => {
    const explained = of('config-nochange+apache-port');
    expect(explained.faults.map(({ name }) => name)).to.deep.equal(['config-nochange', 'apache-port']);
    const edits = rowsOf(explained)
      .map(({ edit }) => edit)
      .join('\n');
    expect(edits).to.include('by config-nochange').and.to.include('by apache-port');
    expect(explained.byHand.join('\n')).to.include('--fault config-nochange+apache-port ');
  });

  it('says why a fault does not apply, and shows no plan there', () => {
    const explained = explain(request, 'egress-late', { approach: 'rolling', around: 3, options: [] });
    expect(explained.plan).to.equal(null);
    expect(explained.byHand).to.deep.equal([]);
    expect(explanationText(explained)).to.match(/Under rolling it does not apply: .{20}/);
  });

  it('asks for a run with the same options', () => {
    const reaching = campaignRequest({ reach: 'all', seed: 7 });
    const { byHand } = explain(reaching, 'apache-port', { around: 1, options: ['--seed 7', '--reach all'] });
    expect(byHand[1]).to.include('--fault apache-port --seed 7 --reach all --controls 0');
    expect(byHand.filter((line) => line.startsWith('docker exec'))).to.have.lengthOf(2);
  });
});
