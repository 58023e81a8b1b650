import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { scenarioNamed } from '../../harness/campaign/prepare.ts';
import {
  type CaughtByRow,
  mergeCaughtBy,
  readCaughtBy,
  recordCaughtBy,
} from '../../harness/explain/caught-by.ts';
import { entryOf } from '../../harness/explain/entry.ts';
import { campaignRequest } from '../campaign/request.ts';

const row = (over: Partial<CaughtByRow>): CaughtByRow => ({
  ...{ fault: 'apache-lib', approach: 'rolling', detector: 'loader', caught: false, words: '', seed: 1 },
  ...over,
});
const { detectors } = scenarioNamed('test', 'auction');

/** A file that holds no row yet. */
async function inFile(use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'upfault-caught-by-'));
  try {
    const file = path.join(folder, 'caught-by.json');
    await writeFile(file, '[]');
    await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('what would have caught a fault', () => {
  it('is recorded of faults and detectors that there are', () => {
    const rows = readCaughtBy();
    expect(rows).to.not.be.empty;
    expect(Object.keys(faults)).to.include.members(rows.map(({ fault }) => fault));
    expect([...detectors.map(({ name }) => name as string), 'gate']).to.include.members(
      rows.map(({ detector }) => detector),
    );
    expect(mergeCaughtBy(rows, []), 'in order').to.deep.equal(rows);
  });

  it('is replaced by what is found later of the same fault, approach and detector, and by nothing else', () => {
    const former = [row({}), row({ approach: 'imago' }), row({ fault: 'apache-port' })];
    const later = row({ caught: true, words: 'not found' });
    expect(mergeCaughtBy(former, [later])).to.deep.equal([former[1], later, former[2]]);
  });

  it('stays of a detector that could not be read again', () => {
    const former = [row({ detector: 'configuration-test' }), row({})];
    const later = row({ caught: true, words: 'not found' });
    expect(mergeCaughtBy(former, [later])).to.deep.equal([former[0], later]);
  });

  it('is recorded of the catalogue’s faults only', async () => {
    await inFile(async (file) => {
      await recordCaughtBy([row({}), row({ fault: 'omit@web1/check' })], file);
      expect(readCaughtBy(file)).to.deep.equal([row({})]);
    });
  });

  it('is written in one form, whatever was added when', async () => {
    await inFile(async (file) => {
      const { seed, ...rest } = row({});
      await recordCaughtBy([{ seed, ...rest }], file);
      const once = await readFile(file, 'utf8');
      await recordCaughtBy([], file);
      expect(await readFile(file, 'utf8')).to.equal(once);
      expect(readCaughtBy(file)).to.deep.equal([row({})]);
    });
  });

  it('is replaced as a whole: who reads it meanwhile reads the former one', async () => {
    await inFile(async (file) => {
      await link(file, `${file}.read`);
      await recordCaughtBy([row({})], file);
      expect(readCaughtBy(`${file}.read`)).to.deep.equal([]);
      expect(readCaughtBy(file)).to.deep.equal([row({})]);
    });
  });

  it('reads "not yet tried" where nobody tried', () => {
    const entry = entryOf(campaignRequest(), { detectors }, faults['apache-lib'], [
      row({ caught: true, words: 'w' }),
    ]);
    expect(entry.caughtBy.map(({ detector, outcome }) => `${detector}: ${outcome}`)).to.have.members([
      'package-manager: not yet tried',
      'loader: caught',
      'configuration-test: not yet tried',
      'gate: not yet tried',
    ]);
  });
});
