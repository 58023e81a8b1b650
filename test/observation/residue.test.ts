import { expect } from 'chai';
import { readState, residueIn, residueOf } from '../../harness/observation/residue.ts';

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

  const scenario = {
    facts: { database: 'auction', pageCache: { directory: '/srv/cache' } },
  } as unknown as Parameters<typeof readState>[0];
  const universe = {
    universe: 'old',
    specs: { db1: { name: 'db1', tier: 'db', volumes: [{ path: '/etc/mysql' }] } },
  } as unknown as Parameters<typeof readState>[2];
  const hostsThat = (answer: { exitCode: number; stdout: string; stderr: string }) =>
    ({ exec: async () => answer }) as unknown as Parameters<typeof readState>[1];

  it('leaves out the answers that a server keeps', async () => {
    const stdout = 'file /srv/cache/a 1\nfile /srv/cached 2\n';
    const state = await readState(scenario, hostsThat({ exitCode: 0, stdout, stderr: '' }), universe);
    expect([...state]).to.deep.equal(['db1 file /srv/cached 2']);
  });

  it('is there where a host cannot be read any more', async () => {
    const down = hostsThat({ exitCode: 1, stdout: '', stderr: 'no server' });
    expect(await residueIn(new Set(), scenario, down, universe)).to.deep.equal([
      '- read the state of db1: exit code 1 (no server)',
    ]);
  });
});
