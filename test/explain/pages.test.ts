import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { usualRequest } from '../../harness/commands/trial-options.ts';
import { allEntries } from '../../harness/explain/explanation.ts';
import { breaks, isOtherOf, SLIDE_DEPENDENCIES } from '../../harness/explain/fault-model.ts';
import { pagesOf, writePages } from '../../harness/explain/pages.ts';

const FOLDER = fileURLToPath(new URL('../../docs/faults', import.meta.url));

describe('the pages of the faults', () => {
  const pages = pagesOf(usualRequest());
  const entries = allEntries(usualRequest());

  it('are those that the catalogue gives (`npm run docs` makes them again)', () => {
    const committed = readdirSync(FOLDER).sort();
    expect(committed).to.deep.equal([...pages.keys()].sort());
    const stale = committed.filter(
      (name) => readFileSync(path.join(FOLDER, name), 'utf8') !== pages.get(name),
    );
    expect(stale).to.deep.equal([]);
  });

  it('say "unverified" where details of a fault are', () => {
    for (const { name, provenance } of entries)
      expect(pages.get(`${name}.md`)?.includes('unverified'), name).to.equal(
        provenance === 'slides+paper-unverified',
      );
  });

  it('have a fault for every hidden dependency of the slides, and a place in the index for every fault of theirs', () => {
    const without = SLIDE_DEPENDENCIES.filter((named) => !entries.some((entry) => breaks(entry, named)));
    expect(without.map(({ name }) => name)).to.deep.equal([]);
    const lost = entries.filter(
      (entry) => !SLIDE_DEPENDENCIES.some((named) => breaks(entry, named) || isOtherOf(entry, named.kind)),
    );
    expect(lost.map(({ name }) => name)).to.deep.equal([]);
  });

  it('are removed with their fault; pages of somebody’s own are not', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'upfault-pages-'));
    try {
      await writePages(folder, pages);
      await writeFile(path.join(folder, 'own.md'), '# own\n');
      await writePages(folder, new Map([...pages].filter(([name]) => name === 'README.md')));
      expect((await readdir(folder)).sort()).to.deep.equal(['README.md', 'own.md']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
