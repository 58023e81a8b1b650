import { expect } from 'chai';
import { residueOf } from '../../harness/observation/residue.ts';

describe('residue of an upgrade that was given up', () => {
  it('is empty where everything is as it was', () => {
    const state = new Set(['web1 file /etc/auction/site.conf 1a', 'web1 process apache2']);
    expect(residueOf(state, new Set(state))).to.deep.equal([]);
  });

  it('names what came, what went and what changed', () => {
    const before = new Set([
      'web1 file /etc/auction/site.conf 1a',
      'db1 index auction.items.category 1 category',
    ]);
    const after = new Set([
      'web1 file /etc/auction/site.conf 2b',
      'db1 index auction.items.category 1 category',
      'web1 process perl',
    ]);
    expect(residueOf(before, after)).to.deep.equal([
      '+ web1 file /etc/auction/site.conf 2b',
      '+ web1 process perl',
      '- web1 file /etc/auction/site.conf 1a',
    ]);
  });
});
