import { expect } from 'chai';
import { ingressBypassed } from '../../faults/ingress-bypassed.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { writesOf } from '../../harness/trial/direct-writes.ts';
import { campaignRequest } from '../campaign/request.ts';

const { name } = ingressBypassed;

const planOf = (approach: ApproachName, fault = name): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [name] }), {
    ...{ trialId: 't', approach, fault, seed: 3 },
  }).plan;

const readings = (counts: Readonly<Record<string, string | undefined>>): Reading[] =>
  Object.entries(counts).map(([label, count]) => ({
    ...{ stepId: `observe/${name}/${label}`, fault: name, universe: 'old', host: 'lb2', atMs: 1 },
    result: { taken: true, exitCode: count === undefined ? 1 : 0, stdout: count ?? '', stderr: '' },
  }));
const confirmed = (counts: Readonly<Record<string, string | undefined>>) =>
  ingressBypassed.confirm(readings(counts), []);

describe('fault ingress-bypassed', () => {
  it('starts one client in the old universe before anything is transferred, and changes nothing else', () => {
    const { upgrade, edited } = planOf('imago');
    expect(edited).to.have.length(1);
    const at = upgrade.findIndex(({ id }) => id === edited[0]);
    expect(upgrade[at]).to.include({ kind: 'service', universe: 'old' });
    expect(upgrade[at + 1]?.id).to.equal('imago/start-transfer');
    const rest = upgrade.filter(({ id }) => id !== edited[0]);
    expect(rest).to.deep.equal(planOf('imago', 'none').upgrade);
  });

  it('is found by writes that are acknowledged past the ingress, after the switch where there was one', () => {
    expect(confirmed({ switched: '40\n', end: '47\n' })).to.deep.include({
      verdict: 'found',
      summary: 'lb2: 47 writes were acknowledged past the ingress, 7 of them after the switch',
    });
    expect(confirmed({ end: '47\n' }).verdict).to.equal('found');
  });

  it('is not found without the client, without writes, or with none after the switch', () => {
    expect(confirmed({ switched: undefined, end: undefined }).verdict).to.equal('not-found');
    expect(confirmed({ end: '0\n' }).verdict).to.equal('not-found');
    const silent = confirmed({ switched: '40\n', end: '40\n' });
    expect(silent.verdict).to.equal('not-found');
    const plan = planOf('imago');
    const timeline = plan.upgrade.map(({ id, kind }) => ({
      ...{ stepId: id, kind, startMs: 0, endMs: 1, outcome: 'done' as const, reason: '' },
    }));
    const { outcome } = injectionOf(plan, timeline, [{ fault: name, evidence: silent }]);
    expect(outcome).to.equal('not-injected');
  });

  it('is not confirmed by what could not be read', () => {
    expect(confirmed({}).verdict).to.equal('unreadable');
    expect(confirmed({ end: 'grep: no such file' }).verdict).to.equal('unreadable');
    expect(confirmed({ end: '' }).verdict).to.equal('unreadable');
  });

  for (const approach of ['none', 'rolling'] as const) {
    it(`has nothing to break under ${approach}, and says why`, () => {
      const { applicability } = planOf(approach);
      expect(applicability.applies ? '' : applicability.reason).to.match(new RegExp(`^${name}: .{20}`));
    });
  }
});

describe('writes of clients beside the measured ones', () => {
  it('are read from notes line by line, but for a last line that is cut off', () => {
    const line = '{"kind":"comment","requestId":"direct-1","acknowledged":true,"fields":{"item":"1"}}';
    const write = { kind: 'comment', requestId: 'direct-1', acknowledged: true, fields: { item: '1' } };
    expect(writesOf(`${line}\n${line}\n{"kind":"com`)).to.deep.equal([write, write]);
    expect(writesOf('')).to.deep.equal([]);
  });
});
