/** `report` with other campaigns: what it takes from them, and what it says of those that cannot be believed. */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CommandModule } from 'yargs';
import type { ReportData } from '../../analysis/report/page-types.ts';
import { reportCommand } from '../../harness/commands/report.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { ran } from '../commands/printed.ts';
import { controls, STOPPED_UPGRADE, type Synthetic, writeSynthetic } from './synthetic.ts';

const report = reportCommand as CommandModule<object, never>;

describe('report with other campaigns', function () {
  this.timeout(60_000);
  let root: string;
  const folder = (name: string) => join(root, name);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-report-'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  /** What the page of a campaign shows. */
  async function shown(name: string): Promise<ReportData> {
    const page = await readFile(join(folder(name), 'report.html'), 'utf8');
    const [, text = ''] = /<script id="data" type="application\/json">([^<]*)</.exec(page) ?? [];
    return JSON.parse(text) as ReportData;
  }

  it('takes quiescences from no damaged trial of a campaign beside, and tells of it', async () => {
    await writeSynthetic(folder('own'), controls('imago', 1, 1));
    await writeSynthetic(folder('busier'), controls('imago', 2, 2, { record: { ratePerSecond: 300 } }));
    await writeFile(
      join(folder('busier'), 'trials', 'imago-none-2', 'requests.csv'),
      'second,phase\n1,before\n',
    );
    const { code, err } = await ran(report, ['report', folder('own'), '--beside', folder('busier')]);
    expect(code).to.equal(1);
    expect(err).to.match(/^upfault: read .*imago-none-2\/requests\.csv: no column offered, [^\n]*\n$/);
    const { quiescences } = await shown('own');
    const busier = quiescences.filter(({ beside }) => beside !== '');
    expect(busier.map(({ trialId, ratePerSecond }) => `${trialId} ${ratePerSecond}`)).to.deep.equal([
      'imago-none-1 300',
      'imago-none-1 300',
    ]);
  });

  it('decides fidelity by a campaign elsewhere, and draws nothing where that is none', async () => {
    await writeSynthetic(folder('own'), faults(14, 12));
    await writeSynthetic(folder('elsewhere'), faults(14, 2, { scale: 0.001 }));
    const none = await ran(report, ['report', folder('own'), '--elsewhere', folder('nowhere')]);
    expect(none.code).to.equal(2);
    const page = join(folder('own'), 'report.html');
    expect(await access(page).catch(() => 'none'), 'a page for half of what was asked').to.equal('none');
    const { code, err } = await ran(report, ['report', folder('own'), '--elsewhere', folder('elsewhere')]);
    expect([code, err]).to.deep.equal([0, '']);
    const fidelity = (await shown('own')).claims.find(({ name }) => name === 'fidelity');
    expect(fidelity).to.include({ verdict: 'reproduced', against: 'scale 0.001' });
  });
});

/** As many faults, of which tests stop the first ones. */
function faults(count: number, stopped: number, environment: Partial<TrialRecord> = {}): Synthetic[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `imago-f${index}`,
    approach: 'imago',
    fault: `f${index}`,
    record: { ...(index < stopped ? { upgrade: STOPPED_UPGRADE } : {}), ...environment },
  }));
}
