import { expect } from 'chai';
import type { StepOutcome } from '../../harness/contract/observation.ts';
import { caughtBy } from '../../harness/rehearsal/detection-programme.ts';
import { programmeOf } from '../../harness/rehearsal/programme.ts';
import { type Rehearsal, TIME_LIMIT } from '../../harness/rehearsal/rehearsal.ts';
import { auction } from '../../scenarios/auction/scenario.ts';
import { campaignRequest } from '../campaign/request.ts';

const REFUSED: StepOutcome = {
  ...{ stepId: 'web1/check', kind: 'check', startMs: 1, endMs: 2, outcome: 'failed' },
  reason: 'web1/check: exit code 7',
};

/** What is said of the gate where the fault's upgrade and its control ended so. */
function saidOfGate(fault: Partial<Rehearsal>, control: Partial<Rehearsal> = {}) {
  const { rehearsals } = programmeOf(
    campaignRequest({ approaches: ['rolling'], faults: ['apache-port'] }),
    false,
  );
  const sound: Rehearsal = {
    ...{ upgrade: 'upgraded', gate: '', steps: [], readings: [], planted: [], shams: [], wallS: 1 },
    injection: { outcome: 'completed' },
  };
  const { rows, unread } = caughtBy(
    rehearsals.map((prepared) => ({
      prepared,
      outcome: { ...sound, ...(prepared.planted.length > 0 ? fault : control) },
    })),
    { ...auction, detectors: [] },
  );
  return { row: rows.find(({ detector }) => detector === 'gate'), unread };
}

describe('the gates of an upgrade as detectors', () => {
  const stopped = { upgrade: 'stopped', gate: 'health', steps: [REFUSED] } as const;

  it('caught what they stopped, in the words of the step that failed first', () => {
    const { row, unread } = saidOfGate(stopped);
    expect(row).to.include({ caught: true, words: 'health (web1/check): exit code 7', approach: 'rolling' });
    expect(unread).to.deep.equal([]);
  });

  it('were silent where the upgrade went to its end', () => {
    expect(saidOfGate({}).row).to.include({ caught: false, words: '' });
  });

  it('say nothing where time was up, or where the control was stopped too', () => {
    for (const [fault, control] of [
      [{ upgrade: 'stuck', gate: TIME_LIMIT }, {}],
      [stopped, stopped],
    ] as const) {
      const { row, unread } = saidOfGate(fault, control);
      expect(row).to.equal(undefined);
      expect(unread.join()).to.include('did not come to an end');
    }
  });
});
