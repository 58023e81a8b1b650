import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cellsOf } from '../../analysis/cells.ts';
import { judgeCampaign } from '../../analysis/judge.ts';
import { overheadOf } from '../../analysis/report/overhead.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, type Synthetic, writeSynthetic } from './synthetic.ts';

/** Three controls that do without, with latencies of their own. */
const without = (id: string, approach: string, record: Synthetic['record']): Synthetic[] =>
  [4, 5, 9].map((p95Ms, index) => ({
    id: `${id}-${index}`,
    approach,
    p50Ms: 2,
    p95Ms,
    record: record ?? {},
  }));

const DIRECT = without('direct', 'none', { ingress: 'direct' });
const UNMIRRORED = without('off', 'imago', { mirroring: 'off' });

describe('overhead of interceptor and mirroring', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-overhead-')), 'campaign');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  async function judged(trials: readonly Synthetic[]) {
    await writeSynthetic(folder, trials);
    return judgeCampaign(await openCampaign(folder));
  }

  it('is the medians of controls with beside those without, by approach', async () => {
    const { trials } = await judged([
      ...without('with', 'none', {}),
      ...DIRECT,
      ...controls('imago', 3, 1),
      ...UNMIRRORED,
      ...controls('rolling', 3, 2),
    ]);
    expect(
      overheadOf(trials).map(({ approach, variant, trials: n }) => [approach, variant, n]),
    ).to.deep.equal([
      ['imago', '', 3],
      ['imago', 'without mirroring', 3],
      ['none', '', 3],
      ['none', 'without interceptor', 3],
    ]);
    expect(overheadOf(trials).at(-1)).to.include({ success: '100.00', p50Ms: '2.00', p95Ms: '5.00' });
  });

  it('is not told where all trials are alike, or none is with everything', async () => {
    expect(overheadOf((await judged(controls('none', 3, 1))).trials)).to.deep.equal([]);
  });

  it('is not told of trials that are all without', async () => {
    expect(overheadOf((await judged(DIRECT)).trials)).to.deep.equal([]);
  });

  it('keeps trials without apart: in references, and in cells', async () => {
    const judgement = await judged([...controls('none', 6, 1), ...DIRECT]);
    const trial = judgement.trials.find(({ record }) => record.trialId === 'direct-0');
    const references = trial?.labels.flatMap(({ decision }) => decision.references) ?? [];
    expect(references.filter((id) => !id.startsWith('direct'))).to.deep.equal([]);
    expect(
      cellsOf(judgement).map(({ approach, variant, trials }) => [approach, variant, trials.length]),
    ).to.deep.equal([
      ['none', '', 6],
      ['none', 'without interceptor', 3],
    ]);
  });

  it('stands in the report, which otherwise says how to have it', async function () {
    this.timeout(30_000);
    const judgement = await judged([...without('with', 'none', {}), ...DIRECT]);
    const { report } = await writeReport(await openCampaign(folder), judgement);
    const page = await readFile(report, 'utf8');
    expect(page).to.contain('"variant":"without interceptor"').and.to.contain('--ingress interceptor,direct');
    const drawn = await readFile(join(folder, 'charts', 'overhead.svg'), 'utf8');
    expect(drawn).to.contain('none, without interceptor').and.to.contain('p95');
  });
});
