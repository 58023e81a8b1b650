import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import yargs, { type CommandModule } from 'yargs';
import { claimsCommand } from '../../harness/commands/claims.ts';
import { judgeCommand } from '../../harness/commands/judge.ts';
import { reportCommand } from '../../harness/commands/report.ts';
import { controls, writeSynthetic } from '../analysis/synthetic.ts';

/** What a command printed and its exit code. */
interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs a command in this process, catching what it prints. */
async function ran(command: CommandModule<object, never>, args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const { write: toOut } = process.stdout;
  const { write: toErr } = process.stderr;
  const before = process.exitCode;
  process.exitCode = 0;
  process.stdout.write = (text: string | Uint8Array) => out.push(String(text)) > 0;
  process.stderr.write = (text: string | Uint8Array) => err.push(String(text)) > 0;
  try {
    await yargs([...args])
      .command(command)
      .strict()
      .exitProcess(false)
      .parseAsync();
    return { out: out.join(''), err: err.join(''), code: Number(process.exitCode) };
  } finally {
    process.stdout.write = toOut;
    process.stderr.write = toErr;
    process.exitCode = before;
  }
}

const judge = judgeCommand as CommandModule<object, never>;
const report = reportCommand as CommandModule<object, never>;
const claims = claimsCommand as CommandModule<object, never>;

describe('judge and report on a results folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-command-')), 'campaign');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('writes the tables and prints the summary, or JSON', async () => {
    await writeSynthetic(folder, [
      ...controls('none', 5, 1),
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
    ]);
    const plain = await ran(judge, ['judge', folder]);
    expect(plain.code).to.equal(0);
    expect(plain.out).to.contain('full outage').and.to.contain(join(folder, 'impacts.csv'));
    const json = JSON.parse((await ran(judge, ['judge', folder, '--json'])).out);
    expect(json.trials.find((trial: { trialId: string }) => trial.trialId === 'it')).to.deep.include({
      primaryImpact: 'full outage',
    });
    expect(json.falseAlarms).to.have.length(6);
    // Others may stand between them; these are promised, in this order.
    const columns = ((await readFile(join(folder, 'trials.csv'), 'utf8')).split('\n')[0] ?? '').split(',');
    const promised =
      'trial_id,scenario,approach,fault,fault_type,violation,dependency,reach,seed,windows,gates,outcome,evidence,upgrade_outcome,final_state,gate,containment,wall_s,provision_s,teardown_s,offered,ok,success_ratio,p50_ms,p95_ms,outage_s,quiescence_ms,transferred_rows,acked_writes,lost_writes,duplicated_writes,altered_writes,posture_regressions,failed_provocations,impacts,primary_impact'.split(
        ',',
      );
    expect(columns.filter((column) => promised.includes(column))).to.deep.equal(promised);
  });

  it('answers a folder that is none with exit code 2, a damaged or newer one with 1', async () => {
    for (const command of [judge, report]) {
      const name = command === judge ? 'judge' : 'report';
      const none = await ran(command, [name, join(folder, 'nowhere')]);
      expect(none.code).to.equal(2);
      expect(none.err).to.match(/there is no such folder\n$/);
    }
    await writeSynthetic(folder, controls('none', 2, 1));
    await writeFile(join(folder, 'trials', 'none-none-1', 'trial.json'), '{"schemaVersion":1');
    const damaged = await ran(judge, ['judge', folder]);
    expect(damaged.code).to.equal(1);
    expect(damaged.err).to.match(/none-none-1\/trial\.json: not complete JSON/);
    expect(damaged.out).to.contain('none-none-1: damaged, not judged');
    await writeFile(join(folder, 'trials', 'none-none-2', 'trial.json'), '{"schemaVersion":9}');
    const newer = await ran(judge, ['judge', folder]);
    expect(newer.code).to.equal(1);
    expect(newer.err).to.contain('newer build (schemaVersion 9)');
    await writeFile(join(folder, 'campaign.json'), '{"schemaVersion":9}');
    const campaign = await ran(judge, ['judge', folder]);
    expect(campaign).to.deep.include({ code: 1, out: '' });
    expect(campaign.err).to.match(/^upfault: read .*campaign\.json: written by a newer build [^\n]*\n$/);
  });

  it('judges and draws the rest where a series is damaged, and exits with 1', async () => {
    await writeSynthetic(folder, [
      ...controls('none', 5, 1),
      { id: 'bad', approach: 'rolling', fault: 'wrong-apache' },
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
    ]);
    await writeFile(join(folder, 'trials', 'bad', 'requests.csv'), 'second,phase\n1,before\n');
    for (const [name, command] of [
      ['judge', judge],
      ['report', report],
      ['claims', claims],
    ] as const) {
      const { code, err, out } = await ran(command, [name, folder]);
      expect(code, name).to.equal(1);
      expect(err, name).to.match(/^upfault: read .*bad\/requests\.csv: no column offered, [^\n]*\n$/);
      expect(out, name).to.not.equal('');
    }
    expect(await readFile(join(folder, 'trials.csv'), 'utf8'))
      .to.match(/^it,/m)
      .and.to.not.match(/^bad,/m);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).to.contain('bad: damaged, not judged: ');
  });

  it('tells in JSON what the controls can show, and whether the machine drifted', async () => {
    await writeSynthetic(folder, controls('none', 6, 1));
    const { detectable, drift } = JSON.parse((await ran(judge, ['judge', folder, '--json'])).out);
    expect(detectable[0]).to.deep.include({ kind: 'trials without an upgrade', controls: 6 });
    expect(Object.keys(detectable[0].figures[3])).to.deep.equal([
      ...['figureName', 'references', 'effect', 'effectWithMore', 'isAdjusted'],
    ]);
    expect(
      drift.map(({ figureName, verdict }: Record<string, string>) => [figureName, verdict]),
    ).to.deep.equal([
      ['success_ratio', 'untested'],
      ['completed_requests', 'untested'],
      ['p50_ms', 'steady'],
      ['p95_ms', 'steady'],
    ]);
  });

  it('refuses a timeline of a trial that is not there', async () => {
    await writeSynthetic(folder, controls('none', 2, 1));
    const refused = await ran(report, ['report', folder, '--timeline', 'x']);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.contain('no judged trial x');
  });
});
