import { expect } from 'chai';
import { scenarioNamed } from '../../harness/campaign/prepare.ts';
import type { Detector } from '../../harness/contract/detector.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { Plan } from '../../harness/contract/plan.ts';
import {
  type DetectionPlace,
  detectionsOf,
  placesOf as placesOn,
} from '../../harness/rehearsal/detection.ts';
import { withAllDetectors } from '../../harness/rehearsal/detection-programme.ts';
import { programmeOf } from '../../harness/rehearsal/programme.ts';
import { campaignRequest } from '../campaign/request.ts';

const scenario = scenarioNamed('test', 'auction');

const placesOf = (plan: Plan) => placesOn(plan, scenario.hosts(plan.size));
const rehearsed = (approach: 'rolling' | 'imago', ...faults: string[]) =>
  programmeOf(campaignRequest({ approaches: [approach], faults }), true).rehearsals;
const planOf = (approach: 'rolling' | 'imago', fault: string) =>
  rehearsed(approach, fault)[0]?.plan ?? expect.fail('no plan');

describe('the places where detectors are run', () => {
  it('are before the service of an edited host is started', () => {
    const [place] = placesOf(planOf('rolling', 'config-staticpath'));
    expect(place?.before).to.match(/^web[12]\/start-httpd$/);
    expect(place?.universe).to.equal('old');
    expect(placesOf(planOf('imago', 'config-staticpath'))[0]?.universe).to.equal('new');
  });

  it('are right behind the edit where no service of the host is started later', () => {
    const plan = planOf('rolling', 'index-missing');
    const edited = plan.upgrade.findIndex(({ edit }) => edit !== undefined);
    const next = plan.upgrade.slice(edited + 1).find(({ kind }) => kind !== 'observe')?.id;
    expect(placesOf(plan)).to.deep.equal([{ universe: 'old', host: 'db1', before: next }]);
  });

  it('are none where no host of the system is touched', () => {
    expect(placesOf(planOf('imago', 'egress-late'))).to.deep.equal([]);
    expect(placesOf(planOf('imago', 'ingress-crashed'))).to.deep.equal([]);
  });

  for (const approach of ['rolling', 'imago'] as const)
    it(`are the same with each fault and on the control of ${approach}, behind the same unedited step`, () => {
      const names = ['config-staticpath', 'index-missing', 'apache-port', 'config-nochange', 'db-wrong-host'];
      const withDetectors = withAllDetectors(rehearsed(approach, ...names), scenario);
      const asked = (index: number) =>
        withDetectors[index]?.plan.upgrade.flatMap((step) =>
          step.kind === 'observe' && step.fault === 'detectors' ? [step.id] : [],
        ) ?? [];
      const control = asked(withDetectors.length - 1);
      for (const [index, { plan }] of withDetectors.slice(0, -1).entries()) {
        expect(asked(index), plan.fault.name).to.have.lengthOf(3 * placesOf(plan).length);
        expect(control).to.include.members(asked(index));
      }
      expect(new Set(control).size).to.equal(control.length);
    });
});

describe('what detectors find', () => {
  const place: DetectionPlace = { universe: 'old', host: 'web1', before: 'web1/start-httpd' };
  const detectors: readonly Detector[] = [{ name: 'loader', summary: 'ldd', commands: { web: ['ldd'] } }];
  const said = (stdout: string, exitCode = 0): Reading[] => [
    {
      stepId: 'observe/detectors/loader-old-web1-before-web1-start-httpd',
      ...{ fault: 'detectors', universe: 'old', host: 'web1', atMs: 1 },
      result: { taken: true, exitCode, stdout, stderr: '' },
    },
  ];
  const found = (withFault: Reading[], control: Reading[]) =>
    detectionsOf([place], detectors, withFault, control);

  it('is what they complain of with the fault and not without', () => {
    expect(found(said('missing docs\nlibx.so not found\n'), said('missing docs\n'))).to.deep.equal([
      { detector: 'loader', caught: true, words: 'web1: libx.so not found' },
    ]);
    expect(found(said('missing docs\n'), said('missing docs\n'))).to.deep.equal([
      { detector: 'loader', caught: false, words: '' },
    ]);
  });

  it('says where it was cut off', () => {
    const [long] = found(said('x'.repeat(300)), said(''));
    expect(long?.words).to.match(/^web1: x{200}…$/);
    const [short] = found(said('x'.repeat(200)), said(''));
    expect(short?.words).to.match(/^web1: x{200}$/);
  });

  it('is not what differs from run to run', () => {
    const [one] = found(said('at 0x7f00 on 10.1.2.3'), said('at 0x7e11 on 10.9.8.7'));
    expect(one?.caught).to.equal(false);
  });

  it('is nothing, rather than silence, where a detector could not be run', () => {
    expect(found([], said(''))).to.deep.equal([]);
    expect(found(said('', 2), said(''))).to.deep.equal([]);
    expect(found(said('bad'), [])).to.deep.equal([]);
  });
});
