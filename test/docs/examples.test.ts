/** Scripts in `docs/examples/` run on a real results folder, with nothing but their interpreter. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { z } from 'zod';
import { judgeCampaign } from '../../analysis/judge.ts';
import { CELLS_COLUMNS, IMPACTS_COLUMNS } from '../../analysis/tables.ts';
import { TRIALS_COLUMNS } from '../../analysis/trials-columns.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';
import { REQUESTS_COLUMNS } from '../../results/trial-store.ts';
import { controls, writeSynthetic } from '../analysis/synthetic.ts';

const SCRIPT = fileURLToPath(new URL('../../docs/examples/impacts.py', import.meta.url));
const NOTEBOOK = fileURLToPath(new URL('../../docs/examples/campaign.ipynb', import.meta.url));

/** The part of the notebook format (4.5) that the example uses. */
const Notebook = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
  metadata: z.looseObject({ kernelspec: z.looseObject({ name: z.literal('python3') }) }),
  cells: z.array(
    z.discriminatedUnion('cell_type', [
      z.strictObject({
        ...{ cell_type: z.literal('markdown'), id: z.string(), metadata: z.object({}) },
        source: z.array(z.string()),
      }),
      z.strictObject({
        ...{ cell_type: z.literal('code'), id: z.string(), metadata: z.object({}) },
        source: z.array(z.string()),
        // Outputs would be those of whoever ran it last.
        ...{ outputs: z.tuple([]), execution_count: z.null() },
      }),
    ]),
  ),
});

/** Code of the notebook, by cell. In it, what stands in double quotes is the name of a column, and nothing else does. */
async function codeCells(): Promise<string[]> {
  const { cells } = Notebook.parse(JSON.parse(await readFile(NOTEBOOK, 'utf8')));
  return cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
}

/** Python with whatever packages the reader has; `PYTHON` names another than that of the PATH. */
const PYTHON = process.env.PYTHON ?? 'python3';

async function withJudged(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(await mkdtemp(join(tmpdir(), 'upfault-example-')), 'campaign');
  try {
    await writeSynthetic(folder, [
      ...controls('none', 5, 1),
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
    ]);
    const store = await openCampaign(folder);
    await writeJudgement(store, await judgeCampaign(store));
    await use(folder);
  } finally {
    await rm(join(folder, '..'), { recursive: true, force: true });
  }
}

describe('examples', () => {
  it('impacts.py prints what users felt, and what decided', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) this.skip();
    await withJudged(async (folder) => {
      const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, folder], { encoding: 'utf8' });
      expect([status, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(
        /wrong-apache +rolling +felt in 1 of 1\n {4}it: full outage: outage_s 4, bound 3\n/,
      );
    });
  });

  describe('campaign.ipynb', () => {
    it('is a notebook without outputs, each cell with an id of its own', async () => {
      const { cells } = Notebook.parse(JSON.parse(await readFile(NOTEBOOK, 'utf8')));
      expect(cells.filter(({ cell_type }) => cell_type === 'code')).to.have.length.above(3);
      expect(new Set(cells.map(({ id }) => id)).size).to.equal(cells.length);
    });

    it('names columns that there are', async () => {
      const known: readonly string[] = [
        ...TRIALS_COLUMNS,
        ...IMPACTS_COLUMNS,
        ...CELLS_COLUMNS,
        ...REQUESTS_COLUMNS,
      ];
      const named = (await codeCells()).flatMap((code) =>
        [...code.matchAll(/"([^"]*)"/g)].map(([, name]) => name),
      );
      expect(named).to.include.members(['p95_ms', 'contrast', 'share', 'second']);
      expect(named.filter((name) => !known.includes(name ?? ''))).to.deep.equal([]);
    });

    it('has cells that Python can read', async function () {
      if (spawnSync('python3', ['--version']).status !== 0) this.skip();
      for (const code of await codeCells()) {
        const { status, stderr } = spawnSync(
          'python3',
          ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'],
          {
            ...{ encoding: 'utf8', input: code },
          },
        );
        expect([status, stderr]).to.deep.equal([0, '']);
      }
    });

    it('runs on a campaign, where pandas and matplotlib are', async function () {
      this.timeout(60_000);
      if (spawnSync(PYTHON, ['-c', 'import pandas, matplotlib']).status !== 0) this.skip();
      await withJudged(async (folder) => {
        const env = { ...process.env, UPFAULT_RESULTS: folder, MPLBACKEND: 'agg' };
        const input = (await codeCells()).join('\n');
        const { status, stderr } = spawnSync(PYTHON, ['-'], { encoding: 'utf8', input, env });
        expect([status, stderr]).to.deep.equal([0, '']);
      });
    });
  });
});
