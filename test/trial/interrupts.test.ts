import { expect } from 'chai';
import type { Interrupt } from '../../harness/contract/plan.ts';
import { Interrupter } from '../../harness/trial/interrupts.ts';
import type { Timeline } from '../../harness/trial/timeline.ts';
import type { TrialEvent } from '../../results/schema.ts';

const stepStart = (stepId: string) =>
  ({ say: 'step-start', atMs: 1, stepId, kind: 'exec', host: 'web1', title: stepId }) as const;

function interrupterOf(...interrupts: readonly Interrupt[]) {
  const events: TrialEvent[] = [];
  const cutOff: { stepId: string; atMs: number }[] = [];
  let kills = 0;
  let running = '';
  const interrupter = new Interrupter(
    { interrupts, upgrade: [] },
    {
      engine: {} as never,
      driverMachine: undefined,
      timeline: {
        append: (event: TrialEvent) => void events.push(event),
        interrupted: (stepId: string, atMs: number) => void cutOff.push({ stepId, atMs }),
        get running() {
          return running;
        },
      } as unknown as Timeline,
      nowMs: () => 12,
    },
  );
  const begin = (working: boolean) =>
    interrupter.begin({
      interrupt: () => {
        if (working) kills += 1;
        return working ? 1 : 0;
      },
    });
  const during = (stepId: string) => {
    running = stepId;
    interrupter.hear(stepStart(stepId));
  };
  return { interrupter, begin, during, events, cutOff, kills: () => kills };
}

const upgrader = (step: string | null, afterS = 0): Interrupt => ({ process: 'upgrader', step, afterS });

describe('kills of a trial', () => {
  it('come when their step begins, once, and are told with what was being done', async () => {
    const { interrupter, begin, during, events, cutOff, kills } = interrupterOf(upgrader('b'));
    begin(true);
    during('a');
    expect(kills()).to.equal(0);
    during('b');
    during('b');
    expect(kills()).to.equal(1);
    const done = [{ asked: 'upgrader@b', atMs: 12, during: 'b', killed: 1, note: '' }];
    expect(await interrupter.end()).to.deep.equal(done);
    expect(events).to.deep.equal(done.map((one) => ({ event: 'interrupt', ...one })));
    expect(cutOff).to.deep.equal([{ stepId: 'b', atMs: 12 }]);
  });

  it('say that they never came to pass, and do not come later', async () => {
    const { interrupter, begin, during, kills } = interrupterOf(
      upgrader('z'),
      upgrader('a', 60),
      upgrader(null, 60),
    );
    begin(true);
    during('a');
    const done = await interrupter.end();
    expect(done.map(({ killed, note }) => [killed, note])).to.deep.equal(
      Array(3).fill([0, 'the upgrade had ended before']),
    );
    expect(kills()).to.equal(0);
  });

  it('say that nothing was running', async () => {
    const { interrupter, begin } = interrupterOf(upgrader(null));
    begin(false);
    expect((await interrupter.end())[0]).to.include({ killed: 0, note: 'no upgrader was running' });
  });

  it('say that there is no machine with a driver', async () => {
    const { interrupter, begin } = interrupterOf({ process: 'driver', step: null, afterS: 0 });
    begin(true);
    expect((await interrupter.end())[0]).to.include({
      killed: 0,
      note: 'kill the driver: it has no machine',
    });
  });
});
