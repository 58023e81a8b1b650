import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { cellsOf } from '../../analysis/cells.ts';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { cellsTable, trialsTable } from '../../analysis/tables.ts';
import { openCampaign } from '../../results/store.ts';
import { sideOf } from './compare/sides.ts';
import { controls, provocationRecord, writeSynthetic } from './synthetic.ts';

describe('trials.csv', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-tables-')), 'campaign');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  /** The row of a trial. */
  async function row(id: string): Promise<Record<string, string>> {
    const { trials } = await judgeCampaign(await openCampaign(folder));
    const rows = parse(trialsTable(trials), { columns: true }) as Record<string, string>[];
    const found = rows.find((one) => one.trial_id === id);
    if (found === undefined) throw new Error(`no row ${id}`);
    return found;
  }

  it('tells how soon provocations failed, and what restarts have repaired', async () => {
    const provocations = [
      provocationRecord('connection-peak', false),
      { ...provocationRecord('restart-web', true), repaired: ['web2', 'site'] },
    ];
    await writeSynthetic(folder, controls('rolling', 1, 2, { record: { provocations } }));
    expect(await row('rolling-none-1')).to.include({
      provocations: 'quick',
      failed_provocations: 'connection-peak',
      activations_ms: 'connection-peak: 400',
      repaired: 'restart-web: web2;restart-web: site',
    });
  });

  it('leaves empty what was not seen or not decided', async () => {
    const draft = {
      outcome: 'harness-failed',
      outcomeReason: 'no engine',
      horizon: null,
      imago: null,
      leased: null,
    } as const;
    await writeSynthetic(folder, [
      { id: 'failed', approach: 'imago', record: draft },
      { id: 'alone', approach: 'rolling', fault: 'f' },
    ]);
    expect(await row('failed')).to.include({ leased_s: '', leased_cpu_s: '', upgrade_s: '' });
    expect(await row('alone')).to.include({ posture_regressions: '', upgrade_s: '24' });
  });

  it('tells what Imago did and took, and that a rolling upgrade takes nothing', async () => {
    await writeSynthetic(folder, [...controls('imago', 1, 1), ...controls('rolling', 1, 2)]);
    expect(await row('imago-none-1')).to.include({
      quiescence_ms: '21.5',
      transferred_rows: '163285',
      quiescences_ms: 'terminate: 21.5;switch: 18.2',
      peak_waiting: '4',
      compared_answers: '60',
      mismatched_answers: '0',
      driver_restarts: '0',
      residue: '',
      leased_s: '24',
      leased_cpu_s: '13.5',
      leased_memory_mb: '700',
      leased_memory_limit_mb: '2816',
      leased_disk_mb: '320',
    });
    expect(await row('rolling-none-1')).to.include({
      quiescence_ms: '',
      transferred_rows: '',
      quiescences_ms: '',
      compared_answers: '',
      leased_s: '0',
      leased_cpu_s: '0',
      leased_memory_mb: '0',
      leased_disk_mb: '0',
    });
  });

  it('leaves empty what was not recorded of a lease', async () => {
    await writeSynthetic(folder, controls('imago', 1, 1, { record: { leased: null } }));
    expect(await row('imago-none-1')).to.include({ leased_s: '', leased_cpu_s: '', leased_disk_mb: '' });
  });

  it('judges and reports records that were made before there was a parallel universe', async () => {
    await writeSynthetic(folder, [...controls('rolling', 2, 1), ...controls('none', 2, 2)]);
    for (const id of ['rolling-none-1', 'none-none-1']) {
      const file = join(folder, 'trials', id, 'trial.json');
      const { imago, leased, target, ...old } = JSON.parse(await readFile(file, 'utf8'));
      expect([imago, leased, target]).to.deep.equal([null, null, 'new']);
      await writeFile(file, JSON.stringify(old));
    }
    expect(await row('rolling-none-1')).to.include({
      outcome: 'completed',
      quiescence_ms: '',
      leased_s: '0',
    });
    const store = await openCampaign(folder);
    const { report } = await writeReport(store, await judgeCampaign(store));
    expect(await readFile(report, 'utf8')).to.contain('rolling-none-1');
  });
});

describe('cells.csv', () => {
  it('counts what was decided, with exact intervals, and what trials without a word could make of it', () => {
    const faulty = { approach: 'rolling', fault: 'f' };
    const judgement = sideOf([
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      { id: 'felt', ...faulty, outageS: 4 },
      { id: 'unhurt', ...faulty },
      { id: 'unread', ...faulty, record: { ledger: null } },
      { id: 'lost', ...faulty, record: { outcome: 'harness-failed', outcomeReason: 'no engine' } },
    ]);
    const [header, ...rows] = cellsTable(cellsOf(judgement)).trimEnd().split('\n');
    expect(header).to.equal(
      'approach,fault,fault_type,variant,contrast,impact,yes,decided,inconclusive,lost,share,low,high,worst_low,worst_high',
    );
    expect(rows.filter((row) => /^(none|rolling,f),.*,(data loss|full outage),/.test(row))).to.deep.equal([
      'none,none,0,,fault,data loss,0,6,0,0,0,0,0.459258,0,0',
      'none,none,0,,user,data loss,0,6,0,0,0,0,0.459258,0,0',
      'none,none,0,,fault,full outage,0,6,0,0,0,0,0.459258,0,0',
      'none,none,0,,user,full outage,0,6,0,0,0,0,0.459258,0,0',
      'rolling,f,1,,fault,data loss,0,2,1,1,0,0,0.841886,0,0.5',
      'rolling,f,1,,user,data loss,0,2,1,1,0,0,0.841886,0,0.5',
      'rolling,f,1,,fault,full outage,1,3,0,1,0.333333,0.00840376,0.905701,0.25,0.5',
      'rolling,f,1,,user,full outage,1,3,0,1,0.333333,0.00840376,0.905701,0.25,0.5',
    ]);
  });
});
