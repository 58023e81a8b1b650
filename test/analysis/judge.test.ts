import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { reduceTrial } from '../../analysis/figures.ts';
import { type JudgedTrial, type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import type { Contrast, Impact } from '../../analysis/rules.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { openCampaign } from '../../results/store.ts';
import {
  controls,
  provocationRecord,
  SOUND_LEDGER,
  STOPPED_UPGRADE,
  type Synthetic,
  syntheticRecord,
  writeSynthetic,
} from './synthetic.ts';

const TABLES = ['trials.csv', 'impacts.csv', 'cells.csv', 'gates.csv', 'sensitivity.csv'];
const REFERENCES = [...controls('none', 6, 11), ...controls('rolling', 6, 22)];
const FAULT = { approach: 'rolling', fault: 'wrong-apache' };

describe('judging a campaign', () => {
  let root: string;
  let folder: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-judge-'));
    folder = join(root, 'campaign');
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  async function judge(trials: readonly Synthetic[]): Promise<Judgement> {
    await writeSynthetic(folder, trials);
    return judgeCampaign(await openCampaign(folder));
  }

  /** Judges one trial beside six controls of each approach. */
  async function judgeOne(trial: Omit<Synthetic, 'id' | 'approach'>): Promise<JudgedTrial> {
    return trialOf(await judge([...REFERENCES, { id: 'it', ...FAULT, ...trial }]), 'it');
  }

  it('says none of a trial that does not differ, and of no control that anything was planted', async () => {
    const judgement = await judge([...REFERENCES, { id: 'it', ...FAULT }]);
    for (const trial of judgement.trials) expect(trial.impacts, trial.record.trialId).to.deep.equal([]);
    expect(trialOf(judgement, 'it').primaryImpact).to.equal('none');
    expect(trialOf(judgement, 'it').containment).to.equal('not-activated');
  });

  const KNOWN: readonly [Impact, Omit<Synthetic, 'id' | 'approach'>][] = [
    ['full outage', { outageS: 5 }],
    ['degraded throughput', { failedShare: 0.1 }],
    ['increased latency', { p50Ms: 6, p95Ms: 12 }],
    ['increased latency', { p95Ms: 14 }],
    ['security vulnerability', { record: { probes: [probe(['web tcp/443', 'db tcp/3306'])] } }],
    ['latent error', { record: { provocations: [provocation('restart-web', false)] } }],
    ['data loss', { record: { ledger: ledger({ lost: 1 }) } }],
    ['data loss', { record: { ledger: ledger({ seedBucketsDiffering: 3 }) } }],
  ];
  for (const [impact, trial] of KNOWN) {
    it(`labels ${impact} in both contrasts: ${JSON.stringify(trial).slice(0, 60)}`, async () => {
      const judged = await judgeOne(trial);
      expect(label(judged, impact, 'user')).to.equal('yes');
      expect(label(judged, impact, 'fault')).to.equal('yes');
      // A long outage also fails many requests; nothing else follows from one of these.
      const expected = impact === 'full outage' ? ['full outage', 'degraded throughput'] : [impact];
      expect(judged.impacts).to.deep.equal(expected);
      expect(judged.primaryImpact).to.equal(impact);
      expect(judged.containment).to.equal('reached-users');
    });
  }

  it('takes nothing below its threshold for an impact', async () => {
    const judged = await judgeOne({ outageS: 1.5, failedShare: 0.004, p50Ms: 4, p95Ms: 6.9 });
    expect(judged.impacts).to.deep.equal([]);
    expect(judged.figures.outageS).to.equal(1.5);
  });

  it('lets the effect threshold decide where references are constant, and says so', async () => {
    const constant = [
      ...controls('none', 5, 1, { p50Ms: 3, p95Ms: 6 }),
      ...controls('rolling', 5, 2, { p50Ms: 3, p95Ms: 6 }),
    ];
    const judgement = await judge([
      ...constant,
      { id: 'under', ...FAULT, failedShare: 0.0499, p50Ms: 4.99, p95Ms: 7.99 },
      { id: 'on', ...FAULT, failedShare: 0.05, p50Ms: 5, p95Ms: 6 },
    ]);
    expect(trialOf(judgement, 'under').impacts).to.deep.equal([]);
    const on = trialOf(judgement, 'on');
    expect(on.impacts).to.deep.equal(['degraded throughput', 'increased latency']);
    expect(decision(on, 'increased latency', 'user').reason).to.contain('references are constant');
    expect(decision(on, 'increased latency', 'user').bound).to.equal(5);
  });

  it('is inconclusive with fewer than five references, and says how many are wanted', async () => {
    const judgement = await judge([
      ...controls('none', 4, 1),
      ...controls('rolling', 4, 2),
      {
        id: 'it',
        ...FAULT,
        outageS: 10,
        p95Ms: 60,
        record: { probes: [probe(['open door'])], provocations: [provocation('restart-web', false)] },
      },
    ]);
    const it = trialOf(judgement, 'it');
    for (const impact of [
      'full outage',
      'degraded throughput',
      'increased latency',
      'security vulnerability',
      'latent error',
    ] as const) {
      for (const contrast of ['fault', 'user'] as const) {
        expect(label(it, impact, contrast), `${impact}, ${contrast}`).to.equal('inconclusive');
        expect(decision(it, impact, contrast).reason).to.contain('at least 5 are wanted');
      }
    }
    expect(it.primaryImpact).to.equal('inconclusive');
    expect(it.containment).to.equal('undecided');
  });

  it('never takes what was not measured for fine', async () => {
    const judged = await judgeOne({
      record: {
        horizon: {
          startMs: 16_000,
          seconds: 40,
          offered: 0,
          ok: 0,
          failed: {},
          p50Ms: null,
          p95Ms: null,
          p99Ms: null,
        },
        ledger: null,
        probes: [{ name: 'open-ports', taken: false, exposures: [], reason: 'refused' }],
        provocations: [{ ...provocation('restart-web', true), carriedOut: false }],
      },
    });
    for (const impact of [
      'degraded throughput',
      'increased latency',
      'security vulnerability',
      'latent error',
      'data loss',
    ] as const) {
      expect(label(judged, impact, 'user'), impact).to.equal('inconclusive');
    }
  });

  it('does not judge performance on an overloaded machine, nor against one', async () => {
    const overloaded = {
      cpuPressureShare: 0.9,
      cpuBusyShare: 0.97,
      throttledShare: { ingress: 0 },
      cpuSeconds: {},
      lateStarts: 0,
      supervisorPeakRssMb: 1,
    };
    const judged = await judgeOne({
      p95Ms: 60,
      outageS: 6,
      record: { machine: overloaded, ledger: ledger({ lost: 2 }) },
    });
    expect(label(judged, 'increased latency', 'user')).to.equal('inconclusive');
    expect(label(judged, 'full outage', 'user')).to.equal('inconclusive');
    expect(decision(judged, 'increased latency', 'user').reason).to.contain(
      '97.0 % of the horizon (limit 95.0 %)',
    );
    expect(judged.impacts).to.deep.equal(['data loss']);
  });

  it('holds no trial against controls that met other provocations', async () => {
    const judged = await judgeOne({
      record: { provocationSet: 'all', provocations: [provocation('restart-web', false)] },
    });
    expect(label(judged, 'latent error', 'user')).to.equal('inconclusive');
    expect(decision(judged, 'latent error', 'user').reason).to.contain('0 trials without an upgrade');
  });

  it('excuses what controls of the approach show as well, and only that much', async () => {
    const excused = { ledger: ledger({ lost: 2 }), provocations: [provocation('restart-web', false)] };
    const judgement = await judge([
      ...controls('none', 5, 1),
      ...controls('rolling', 5, 2, { outageS: 4, record: excused }),
      { id: 'like', ...FAULT, outageS: 6.9, record: excused },
      { id: 'worse', ...FAULT, outageS: 7, record: { ...excused, ledger: ledger({ lost: 3 }) } },
    ]);
    const like = trialOf(judgement, 'like');
    const worse = trialOf(judgement, 'worse');
    for (const impact of ['full outage', 'data loss', 'latent error'] as const) {
      expect(label(like, impact, 'fault'), impact).to.equal('no');
      expect(label(like, impact, 'user'), impact).to.equal('yes');
    }
    expect(decision(like, 'latent error', 'fault').reason).to.contain('also failed by rolling-none-1');
    expect(label(worse, 'full outage', 'fault')).to.equal('yes');
    expect(label(worse, 'data loss', 'fault')).to.equal('yes');
  });

  it('lets controls that were not done excuse only what ended likewise', async () => {
    const provocations = [provocation('restart-web', false)];
    const upgrade = { ...STOPPED_UPGRADE, outcome: 'stuck', finalState: 'new', gate: 'horizon' } as const;
    const judgement = await judge([
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      ...controls('rolling', 1, 3, { record: { provocations, upgrade } }).map((one) => ({
        ...one,
        id: 'late',
      })),
      { id: 'ended', ...FAULT, record: { provocations } },
      { id: 'likewise', ...FAULT, record: { provocations, upgrade } },
    ]);
    expect(label(trialOf(judgement, 'ended'), 'latent error', 'fault')).to.equal('yes');
    expect(label(trialOf(judgement, 'likewise'), 'latent error', 'fault')).to.equal('no');
  });

  it('takes no outage of an overloaded machine for what is usual', async () => {
    const machine = { ...syntheticRecord({ id: 'x', approach: 'none' }).machine, cpuBusyShare: 0.99 };
    const judgement = await judge([
      ...controls('none', 6, 1),
      ...controls('none', 1, 2, { outageS: 8, record: { machine } as Partial<TrialRecord> }).map((one) => ({
        ...one,
        id: 'busy',
      })),
      { id: 'it', ...FAULT, outageS: 5 },
    ]);
    const judged = decision(trialOf(judgement, 'it'), 'full outage', 'user');
    expect(judged).to.deep.include({ label: 'yes', bound: 3 });
    expect(judged.references).to.have.length(6).and.not.include('busy');
  });

  it('measures no performance where the load ended before the horizon did, or the ingress was not watched', () => {
    const overload = (record: Partial<TrialRecord>) =>
      reduceTrial(syntheticRecord({ id: 'x', approach: 'none', record }), []).overload.join();
    expect(overload({})).to.equal('');
    expect(overload({ ratePerSecond: 160 })).to.match(/^6000 of 6400 requests of the horizon were offered/);
    const machine = { ...syntheticRecord({ id: 'x', approach: 'none' }).machine, throttledShare: {} };
    expect(overload({ machine } as Partial<TrialRecord>)).to.match(/throttled was not recorded$/);
  });

  it('tells a load generator that lags from one that has no user left', async () => {
    const machine = {
      cpuPressureShare: null,
      cpuBusyShare: 0.4,
      throttledShare: { ingress: 0 },
      cpuSeconds: {},
      lateStarts: 100,
      supervisorPeakRssMb: 1,
    };
    const horizon = { startMs: 16_000, seconds: 40, offered: 6000, ok: 5900, p50Ms: 3, p95Ms: 6, p99Ms: 9 };
    const lagging = { horizon: { ...horizon, failed: { timeout: 100 } }, machine };
    const waiting = { horizon: { ...horizon, failed: { dropped: 100 } }, machine };
    const failedShare = 100 / 6000;
    const throttled = { machine: { ...machine, lateStarts: 0, throttledShare: { ingress: 0.2, web1: 0.9 } } };
    const judgement = await judge([
      ...REFERENCES,
      { id: 'lagging', ...FAULT, failedShare, record: lagging },
      { id: 'waiting', ...FAULT, failedShare, record: waiting },
      { id: 'throttled', ...FAULT, record: throttled },
    ]);
    expect(trialOf(judgement, 'lagging').figures.overload).to.have.length(1);
    expect(label(trialOf(judgement, 'lagging'), 'increased latency', 'user')).to.equal('inconclusive');
    expect(label(trialOf(judgement, 'waiting'), 'increased latency', 'user')).to.equal('no');
    expect(decision(trialOf(judgement, 'throttled'), 'increased latency', 'user').reason).to.contain(
      'ingress was throttled',
    );
  });

  it('keeps the harm of an approach apart from the effect of a fault', async () => {
    const judgement = await judge([
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2, { p95Ms: 30 }),
      { id: 'it', ...FAULT, p95Ms: 30 },
    ]);
    for (const id of ['it', 'rolling-none-1']) {
      const trial = trialOf(judgement, id);
      expect(label(trial, 'increased latency', 'user'), id).to.equal('yes');
      expect(label(trial, 'increased latency', 'fault'), id).to.equal('no');
    }
    expect(trialOf(judgement, 'it').containment).to.equal('not-activated');
  });

  it('compares a stopped upgrade with users only, and says that no control ended like it', async () => {
    const judged = await judgeOne({ record: { upgrade: STOPPED_UPGRADE } });
    expect(label(judged, 'increased latency', 'fault')).to.equal('inconclusive');
    expect(decision(judged, 'increased latency', 'fault').reason).to.contain(
      '0 controls of rolling that ended in state mixed',
    );
    expect(label(judged, 'increased latency', 'user')).to.equal('no');
    expect(judged.containment).to.equal('stopped-by:health');
  });

  it('knows what the new release opens by intention from the upgrades that went well', async () => {
    const opened = { probes: [probe(['web tcp/443', 'app tcp/3001'])] };
    const judgement = await judge([
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2, { record: opened }),
      { id: 'it', ...FAULT, record: opened },
      { id: 'none-open', approach: 'none', record: opened },
    ]);
    expect(label(trialOf(judgement, 'it'), 'security vulnerability', 'user')).to.equal('no');
    expect(label(trialOf(judgement, 'none-open'), 'security vulnerability', 'user')).to.equal('yes');
  });

  it('says redundancy where the other hosts did the work of the faulty one', async () => {
    const work = (web1: number) => ({
      cpuPressureShare: 0,
      cpuBusyShare: 0.4,
      throttledShare: { ingress: 0 },
      cpuSeconds: { web1, web2: 2 },
      lateStarts: 0,
      supervisorPeakRssMb: 1,
    });
    const judgement = await judge([
      ...controls('none', 5, 1),
      ...controls('rolling', 5, 2, { record: { machine: work(2) } }),
      { id: 'idle', ...FAULT, record: { machine: work(0.5) } },
      { id: 'busy', ...FAULT, record: { machine: work(1.8) } },
    ]);
    expect(trialOf(judgement, 'idle').containment).to.equal('redundancy');
    expect(trialOf(judgement, 'busy').containment).to.equal('not-activated');
  });

  it('says of trials that did not come to an experiment why they are not judged', async () => {
    const outcomes = ['not-injected', 'not-reached', 'not-applicable', 'harness-failed'] as const;
    const judgement = await judge([
      ...REFERENCES,
      ...outcomes.map((outcome) => ({
        id: outcome,
        ...FAULT,
        outageS: 9,
        record: { outcome, outcomeReason: 'because' },
      })),
      { id: 'unproven', ...FAULT, outageS: 9, record: { evidence: [] } },
    ]);
    for (const id of [...outcomes, 'unproven']) {
      const trial = trialOf(judgement, id);
      expect(trial.impacts, id).to.deep.equal([]);
      expect(decision(trial, 'full outage', 'user').reason).to.match(/^not judged: /);
    }
    expect(trialOf(judgement, 'not-applicable').containment).to.equal('inapplicable');
    expect(trialOf(judgement, 'not-reached').containment).to.equal('not-reached');
  });

  it('writes the same bytes from a copy, every row with figure, bound and references', async () => {
    await writeSynthetic(folder, [...REFERENCES, { id: 'it', ...FAULT, outageS: 5, p95Ms: 20 }]);
    const store = await openCampaign(folder);
    const files = await writeJudgement(store, await judgeCampaign(store));
    const names = files.map((file) => file.slice(folder.length + 1));
    expect(names).to.have.members(TABLES);
    await cp(folder, join(root, 'copy'), { recursive: true });
    // What was copied would be the same whatever the copy is judged to.
    for (const name of names) await rm(join(root, 'copy', name));
    const copy = await openCampaign(join(root, 'copy'));
    await writeJudgement(copy, await judgeCampaign(copy));
    for (const [index, name] of names.entries()) {
      const file = files[index] ?? '';
      expect(await readFile(join(copy.folder, name), 'utf8'), name).to.equal(await readFile(file, 'utf8'));
    }
    const { trials } = await judgeCampaign(store);
    for (const trial of trials) {
      for (const { impact, decision: d } of trial.labels) {
        expect(d.figure, `${trial.record.trialId} ${impact}`).to.be.a('number');
        expect(d.bound).to.be.a('number');
        expect(d.references.length).to.be.at.least(5);
        expect(d.references).to.not.contain(trial.record.trialId);
      }
    }
  });

  it('reproduces the golden impacts.csv', async () => {
    await writeSynthetic(folder, [
      ...REFERENCES,
      { id: 'it', ...FAULT, outageS: 5, p95Ms: 20, record: { ledger: ledger({ lost: 1, duplicated: 2 }) } },
    ]);
    const store = await openCampaign(folder);
    await writeJudgement(store, await judgeCampaign(store));
    const lines = (await readFile(join(folder, 'impacts.csv'), 'utf8')).split('\n');
    const chosen = lines.filter((line) => /^(trial_id|it|none-none-1|rolling-none-2),/.test(line)).join('\n');
    const golden = new URL('./golden-impacts.csv', import.meta.url);
    if (process.env.UPFAULT_GOLDEN === 'write') await writeFile(golden, `${chosen}\n`);
    expect(`${chosen}\n`).to.equal(await readFile(golden, 'utf8'));
  });

  it('judges the rest of a campaign with a damaged and an interrupted trial', async () => {
    await writeSynthetic(folder, [
      ...REFERENCES,
      { id: 'it', ...FAULT, outageS: 5 },
      { id: 'bad', ...FAULT },
      { id: 'cut', ...FAULT, record: { sealed: false } },
    ]);
    await writeFile(join(folder, 'trials', 'bad', 'trial.json'), '{"schemaVersion":1');
    const judgement = await judgeCampaign(await openCampaign(folder));
    expect(trialOf(judgement, 'it').primaryImpact).to.equal('full outage');
    expect(judgement.left.interrupted.map((r) => r.trialId)).to.deep.equal(['cut']);
    expect(judgement.left.damaged.map((d) => d.trialId)).to.deep.equal(['bad']);
  });
});

function trialOf(judgement: Judgement, id: string): JudgedTrial {
  const trial = judgement.trials.find(({ record }) => record.trialId === id);
  if (trial === undefined) throw new Error(`no trial ${id}`);
  return trial;
}

function decision(trial: JudgedTrial, impact: Impact, contrast: Contrast) {
  const found = trial.labels.find((l) => l.impact === impact && l.contrast === contrast);
  if (found === undefined) throw new Error(`no label ${impact}, ${contrast}`);
  return found.decision;
}

function label(trial: JudgedTrial, impact: Impact, contrast: Contrast): string {
  return decision(trial, impact, contrast).label;
}

function probe(exposures: string[]) {
  return { name: 'open-ports', taken: true, exposures, reason: '' };
}

function provocation(name: string, held: boolean) {
  return provocationRecord(name, held);
}

function ledger(wrong: Partial<typeof SOUND_LEDGER>) {
  return { afterHorizon: SOUND_LEDGER, afterProvocations: { ...SOUND_LEDGER, ...wrong } };
}
