import { expect } from 'chai';
import { FailingAlike } from '../../harness/campaign/failing-alike.ts';

/** What is said of each trial, as the trials end with these outcomes. */
function saidOf(...trials: readonly (readonly [outcome: string, reason: string])[]) {
  const failing = new FailingAlike();
  return trials.map(([outcome, outcomeReason], index) =>
    failing.ended({ trialId: `rolling-control-${index + 1}`, outcome: outcome as never, outcomeReason }),
  );
}

const port = (index: number): readonly [string, string] => [
  'harness-failed',
  `EngineError: start upfault-c-rolling-control-${index}-ingress as 0123456789abcdef: port 80${index} is taken`,
];
const completed = ['completed', ''] as const;

describe('failing alike', () => {
  it('is three trials in a row with one reason, whatever numbers and names are in it', () => {
    expect(saidOf(port(1), port(2), port(3), port(4))).to.deep.equal([
      undefined,
      undefined,
      port(3)[1],
      port(4)[1],
    ]);
  });

  it('is not what another trial lies between, or has other reasons', () => {
    const none = [undefined, undefined, undefined, undefined];
    expect(saidOf(port(1), port(2), completed, port(4))).to.deep.equal(none);
    expect(saidOf(port(1), port(2), ['harness-failed', 'no room'], port(4))).to.deep.equal(none);
    expect(saidOf(completed, completed, completed, completed)).to.deep.equal(none);
  });

  it('goes on past trials of which nothing is run', () => {
    expect(saidOf(port(1), ['not-applicable', 'no such step'], port(3), port(4)).at(-1)).to.equal(port(4)[1]);
  });
});
