import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import { interruptText, parseInterrupt } from '../../harness/plan/interrupts.ts';
import { campaignRequest } from '../campaign/request.ts';

describe('kills of the upgrade’s own processes', () => {
  for (const [text, process, step, afterS] of [
    ['driver@4.25', 'driver', null, 4.25],
    ['upgrader@0', 'upgrader', null, 0],
    ['upgrader@switch/hold', 'upgrader', 'switch/hold', 0],
    ['driver@web1/configure-httpd+0.02', 'driver', 'web1/configure-httpd', 0.02],
  ] as const) {
    it(`reads and writes ${text}`, () => {
      const interrupt = parseInterrupt(text);
      expect(interrupt).to.deep.equal({ process, step, afterS });
      expect(interrupt && interruptText(interrupt)).to.equal(text);
    });
  }

  for (const text of [
    '',
    'driver',
    'driver@',
    'tester@3',
    'driver@-1',
    'driver@3+2',
    'driver@a+b',
    'driver@a b',
  ])
    it(`refuses "${text}"`, () => expect(parseInterrupt(text)).to.equal(undefined));

  const planned = (approach: 'none' | 'rolling' | 'imago', interrupt: string) =>
    prepareTrial(campaignRequest({ interrupts: [interrupt] }), {
      trialId: 'it',
      approach,
      fault: 'none',
      seed: 1,
    });

  it('stand in the plan beside its steps, and in none without an upgrade', () => {
    const { plan } = planned('imago', 'driver@switch/hold+0.01');
    expect(plan.interrupts).to.deep.equal([{ process: 'driver', step: 'switch/hold', afterS: 0.01 }]);
    expect(plan.edited).to.deep.equal([]);
    expect(planned('none', 'upgrader@3').plan.interrupts).to.deep.equal([]);
  });

  it('are refused where there is no such step or process', () => {
    expect(() => planned('rolling', 'upgrader@switch/hold')).to.throw(/rolling has no step switch\/hold/);
    expect(() => planned('rolling', 'driver@3')).to.throw(/rolling has no driver/);
  });
});
