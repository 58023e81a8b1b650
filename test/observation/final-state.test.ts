import { expect } from 'chai';
import type { StepOutcome } from '../../harness/contract/observation.ts';
import type { InstallStep, Step } from '../../harness/contract/step.ts';
import type { Release, Universe } from '../../harness/contract/topology.ts';
import {
  finalStateOf,
  hostReleasesAfter,
  releaseAfter,
  restingAfter,
  servingAfter,
} from '../../harness/observation/final-state.ts';
import type { UpgradeResult } from '../../harness/upgrader/protocol.ts';

function turn(host: string, state: 'drain' | 'ready'): Step {
  const id = `${host}/${state}`;
  return { kind: 'balancer', id, title: id, universe: 'old', host, state, commands: [] };
}

function ended(stepId: string, outcome: StepOutcome['outcome'] = 'done', kind = 'balancer'): StepOutcome {
  return { stepId, kind, startMs: 1, endMs: 2, outcome, reason: '' };
}

function install(host: string, universe: Universe = 'old', release: Release = 'new'): InstallStep {
  const id = `${host}/install`;
  return { kind: 'install', id, title: id, universe, host, image: 'web', release };
}

const leftOut = (was: Step): Step => ({
  kind: 'omitted',
  id: was.id,
  title: was.title,
  universe: was.universe,
  was,
});

const installed = (host: string, outcome: StepOutcome['outcome'] = 'done') =>
  ended(`${host}/install`, outcome, 'install');

/** An install that is left out is reached and done as what it is: nothing. */
const passedOver = (host: string) => ended(`${host}/install`, 'done', 'omitted');

const endedAs = (outcome: UpgradeResult['outcome']): UpgradeResult => ({
  outcome,
  gate: '',
  failedSteps: [],
});

const STEPS = [turn('web1', 'drain'), turn('web1', 'ready'), turn('web2', 'drain'), turn('web2', 'ready')];

describe('hosts that rest at an upgrade’s end', () => {
  it('are those that were last taken out of rotation and not put back', () => {
    const done = ['web1/drain', 'web1/ready', 'web2/drain'].map((id) => ended(id));
    expect(restingAfter(STEPS, done)).to.deep.equal(['web2']);
    expect(restingAfter(STEPS, [...done, ended('web2/ready', 'failed')])).to.deep.equal(['web2']);
    expect(restingAfter(STEPS, [...done, ended('web2/ready')])).to.deep.equal([]);
  });

  it('are none of those whose turn was not come to', () => {
    expect(restingAfter(STEPS, [])).to.deep.equal([]);
  });
});

describe('what an upgrade in place leaves behind', () => {
  const upgrade = [install('web1'), install('web2')];
  const back: Step = { ...install('web1', 'old', 'old'), id: 'rollback/web1/install' };
  const omitting = [install('web1'), leftOut(install('web2'))];

  for (const [what, steps, timeline, outcome, state, web1, web2] of [
    ['nothing done', upgrade, [], 'stopped', 'old', 'old', 'old'],
    ['the first of two hosts', upgrade, [installed('web1')], 'stopped', 'mixed', 'new', 'old'],
    [
      'one that could not be installed',
      upgrade,
      [installed('web1'), installed('web2', 'failed')],
      'stopped',
      'mixed',
      'new',
      'old',
    ],
    ['both, to its end', upgrade, [installed('web1'), installed('web2')], 'upgraded', 'new', 'new', 'new'],
    ['both, not to its end', upgrade, [installed('web1'), installed('web2')], 'stuck', 'mixed', 'new', 'new'],
    [
      'one whose installation is left out',
      omitting,
      [installed('web1'), passedOver('web2')],
      'upgraded',
      'mixed',
      'new',
      'old',
    ],
    [
      'one that was taken back',
      upgrade,
      [installed('web1'), ended(back.id, 'done', 'install')],
      'rolled-back',
      'mixed',
      'old',
      'old',
    ],
  ] as const) {
    it(`is told of ${what}`, () => {
      expect(finalStateOf(steps, timeline, endedAs(outcome))).to.equal(state);
      expect(hostReleasesAfter([...steps, back], timeline)).to.deep.equal({ web1, web2 });
      expect(releaseAfter([...steps, back], timeline)('app1'), 'never installed').to.equal('old');
      expect(servingAfter(steps, timeline)).to.equal('old');
    });
  }

  it('is mixed where nobody said how it ended', () => {
    expect(finalStateOf(upgrade, [installed('web1'), installed('web2')], undefined)).to.equal('mixed');
  });
});

describe('what an upgrade in a parallel universe leaves behind', () => {
  const redirect: Step = {
    kind: 'imago',
    id: 'switch/redirect',
    title: 'Switch',
    universe: 'new',
    action: { do: 'redirect', new: { host: 'entry', port: 443, serverName: 'site', ca: '' } },
  };
  const upgrade = [install('web1', 'new'), install('web2', 'new'), redirect];
  const omitting = [install('web1', 'new'), leftOut(install('web2', 'new')), redirect];
  const both = [installed('web1'), installed('web2')];
  const switched = (outcome: StepOutcome['outcome'] = 'done') => ended(redirect.id, outcome, 'imago');

  for (const [what, steps, timeline, outcome, serving, state, web1, web2] of [
    ['before the switch', upgrade, both, 'rolled-back', 'old', 'old', 'old', 'old'],
    ['a switch that failed', upgrade, [...both, switched('failed')], 'stopped', 'old', 'old', 'old', 'old'],
    ['after the switch', upgrade, [...both, switched()], 'upgraded', 'new', 'new', 'new', 'new'],
    ['what stopped after the switch', upgrade, [...both, switched()], 'stopped', 'new', 'new', 'new', 'new'],
    [
      'a host that was left out',
      omitting,
      [installed('web1'), passedOver('web2'), switched()],
      'upgraded',
      'new',
      'mixed',
      'new',
      'old',
    ],
  ] as const) {
    it(`is told of ${what}`, () => {
      expect(servingAfter(steps, timeline)).to.equal(serving);
      expect(finalStateOf(steps, timeline, endedAs(outcome))).to.equal(state);
      expect(hostReleasesAfter(steps, timeline)).to.deep.equal({ web1, web2 });
    });
  }
});
