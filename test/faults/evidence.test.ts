import { expect } from 'chai';
import { firstLine } from '../../faults/evidence.ts';

describe('the first line of an output', () => {
  it('is whole where it is short, and else says where it was cut off', () => {
    expect(firstLine(`\n  ${'x'.repeat(160)} \nmore`)).to.equal('x'.repeat(160));
    expect(firstLine('x'.repeat(161))).to.equal(`${'x'.repeat(160)}…`);
  });
});
