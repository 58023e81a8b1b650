import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, writeSynthetic } from './synthetic.ts';

/** What pandas or R take for a missing value, though it was written. */
const TAKEN_FOR_MISSING =
  /^(#N\/A|#N\/A N\/A|#NA|-?1\.#(IND|QNAN)|-?nan|NaN|N\/A|NA|NULL|null|None|<NA>|n\/a)$/;
/** What DuckDB or R take for a truth value where a column holds nothing else. */
const TAKEN_FOR_TRUTH = /^(true|false|t|f|yes|no)$/i;
const NUMBER = /^-?(\d+(\.\d+)?|\d+(\.\d+)?e[-+]\d+)$/;

/** Columns whose cells are partly numbers and partly text, or would be taken for missing. */
function surprises(text: string): string[] {
  const [header = [], ...rows] = parse(text) as string[][];
  const doubled = header.filter(
    (name, index) => header.indexOf(name) !== index || !/^[a-z][a-z0-9_]*$/.test(name),
  );
  return [
    ...doubled,
    ...header.filter((_, column) => {
      const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
      const numbers = cells.filter((cell) => NUMBER.test(cell)).length;
      const isTruth = cells.length > 0 && cells.every((cell) => TAKEN_FOR_TRUTH.test(cell));
      const isMixed = numbers > 0 && numbers < cells.length;
      return isMixed || isTruth || cells.some((cell) => TAKEN_FOR_MISSING.test(cell));
    }),
  ];
}

describe('tables for other programs', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-csv-')), 'campaign');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  async function tables(): Promise<[string, string][]> {
    const store = await openCampaign(folder);
    const files = await writeJudgement(store, await judgeCampaign(store));
    return Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as [string, string]));
  }

  it('have one type a column, whatever became of the trials', async () => {
    const plan = [
      {
        number: 1,
        stepId: 'web1/check',
        kind: 'check',
        universe: 'old',
        host: 'web1',
        title: 't',
        edit: 'f: x',
        gate: 'health',
      },
    ];
    await writeSynthetic(folder, [
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      ...controls('imago', 6, 3, { record: { plan } }),
      { id: 'harmful', approach: 'rolling', fault: 'f', outageS: 5, failedShare: 0.1, record: { plan } },
      { id: 'contained', approach: 'imago', fault: 'f', p95Ms: 1234.5678, record: { plan } },
      {
        id: 'lost',
        approach: 'imago',
        fault: 'f',
        record: {
          outcome: 'harness-failed',
          outcomeReason: 'a,b\n"c"',
          horizon: null,
          ledger: null,
          machine: null,
          imago: null,
        },
      },
      {
        id: 'absent',
        approach: 'imago',
        fault: 'f',
        record: { outcome: 'not-applicable', outcomeReason: 'no such step', horizon: null },
      },
      {
        ...{ id: 'disturbed', approach: 'none', fault: 'positive@outage:5s', type: 5, outageS: 5 },
        record: { disturbance: { kind: 'outage', size: 5, atMs: 20_000, forS: 5, counted: null }, plan: [] },
      },
    ]);
    const written = await tables();
    expect(written).to.have.length(5);
    for (const [file, text] of written) {
      expect(text.split('\n').length, file).to.be.greaterThan(2);
      expect(surprises(text), file).to.deep.equal([]);
    }
  });

  it('have their header also where a campaign holds no trial', async () => {
    await writeSynthetic(folder, []);
    for (const [file, text] of await tables()) expect(text, file).to.match(/^[a-z_,0-9]+\n$/);
  });

  it('would be found', () => {
    expect(surprises('a,b,c,d\n1,x,NA,T\nn/a,y,z,no\n')).to.deep.equal(['a', 'c', 'd']);
  });
});
