import { expect } from 'chai';
import { evidenceFrom, firstLine, matched } from '../../faults/evidence.ts';
import type { Reading } from '../../harness/contract/observation.ts';

describe('the first line of an output', () => {
  it('is whole where it is short, and else says where it was cut off', () => {
    expect(firstLine(`\n  ${'x'.repeat(160)} \nmore`)).to.equal('x'.repeat(160));
    expect(firstLine('x'.repeat(161))).to.equal(`${'x'.repeat(160)}…`);
  });
});

describe('evidence of several hosts', () => {
  const reading = (host: string, exitCode: number): Reading => ({
    ...{ stepId: `observe/it/on-${host}`, fault: 'it', universe: 'old', host, atMs: 1 },
    result: { taken: true, exitCode, stdout: 'a line\n', stderr: '' },
  });
  const summaryOf = (readings: readonly Reading[]) => evidenceFrom(readings, matched('there')).summary;

  it('says on how many of those that were looked at', () => {
    expect(summaryOf([reading('web1', 0), reading('web2', 1)])).to.equal(
      'web1: there (a line) (1 of 2 hosts that were looked at)',
    );
    expect(summaryOf([reading('web1', 0), reading('web1', 1)])).to.equal('web1: there (a line)');
  });
});
