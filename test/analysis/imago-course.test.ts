import { expect } from 'chai';
import { imagoCourseOf } from '../../analysis/report/imago-course.ts';
import type { TrialEvent } from '../../results/schema.ts';
import { HORIZON_START_MS, imagoEvents } from './synthetic.ts';

const START_S = HORIZON_START_MS / 1000;

describe('the course of an Imago trial', () => {
  it('turns the driver’s sums into what happened between two tellings, and ends with the last row', () => {
    const transfer = imagoCourseOf(imagoEvents())?.transfer;
    expect(transfer).to.deep.equal([
      { atS: START_S + 4, rowsPerS: 1_000, pausePercent: 0, driverMb: 84 },
      // A quarter of two seconds, all of it in the second one.
      { atS: START_S + 5, rowsPerS: 3_000, pausePercent: 50, driverMb: 84 },
      { atS: START_S + 6, rowsPerS: 5_000, pausePercent: 25, driverMb: 84 },
    ]);
  });

  it('says of each phase what came of it, and marks quiescences, gates and the redirection', () => {
    const course = imagoCourseOf(imagoEvents());
    expect(course?.phases.map(({ phase, text }) => [phase, text])).to.deep.equal([
      ['driver', '9,000 rows copied'],
      ['termination', 'equal (76 rows compared), held 20 ms'],
      ['testing', '60 of 60 answers agreed'],
      ['switchover', 'redirected, held 20 ms'],
    ]);
    expect(course?.marks.map(({ phase, what }) => `${phase}: ${what}`)).to.have.members([
      'termination: quiescence',
      'termination: gate passed',
      'testing: gate passed',
      'testing: gate passed',
      'switchover: quiescence',
      'switchover: redirection',
    ]);
  });

  it('names the gate that refused, with its reason', () => {
    const refused = imagoEvents().map(
      (event): TrialEvent =>
        event.event === 'step-end' && event.stepId === 'test/verdict'
          ? { ...event, outcome: 'failed', reason: 'test/verdict: gate compare-engine: 9 of 60 differ' }
          : event,
    );
    const course = imagoCourseOf(refused);
    expect(course?.phases.find(({ phase }) => phase === 'testing')?.text).to.equal('compare engine refused');
    const mark = course?.marks.find(({ what }) => what === 'gate refused');
    expect(mark?.text).to.contain('9 of 60 differ');
  });

  it('goes on counting after a restart of the driver', () => {
    const at = (atS: number) => HORIZON_START_MS + atS * 1000;
    const news = (atS: number, what: string, figures: Record<string, number | string>): TrialEvent => ({
      event: 'imago',
      atMs: at(atS),
      what,
      figures,
    });
    const begun = imagoEvents().slice(0, 2);
    const course = imagoCourseOf([
      ...begun,
      news(3, 'transfer-begun', {}),
      news(4, 'transfer', { copiedRows: 5_000, pauseShare: 0.5, driverMb: 80 }),
      news(5, 'driver-restarted', { restart: 1 }),
      news(6, 'transfer', { copiedRows: 6_000, pauseShare: 0, driverMb: 80 }),
    ]);
    expect(course?.transfer.map(({ rowsPerS, pausePercent }) => [rowsPerS, pausePercent])).to.deep.equal([
      [5_000, 50],
      [1_000, 0],
    ]);
    expect(course?.marks.map(({ what }) => what)).to.deep.equal(['driver restarted']);
  });

  it('is none where no step of Imago began', () => {
    expect(imagoCourseOf([{ event: 'phase', atMs: 0, phase: 'before' }])).to.equal(null);
  });
});
