/** Campaigns of which something is damaged, missing or mixed: what is wrong is named, the rest is judged, and nothing is labelled in silence. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import { notesOf } from '../../analysis/summary.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, STOPPED_UPGRADE, writeSynthetic } from './synthetic.ts';

const FAULT = { approach: 'rolling', fault: 'f' };

describe('judging a campaign that is not whole', () => {
  let root: string;
  let folder: string;
  const file = (trial: string, name: string) => join(folder, 'trials', trial, name);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-damaged-'));
    folder = join(root, 'campaign');
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  async function judge(): Promise<Judgement> {
    return judgeCampaign(await openCampaign(folder));
  }

  async function change(trial: string, name: string, to: (text: string) => string): Promise<void> {
    await writeFile(file(trial, name), to(await readFile(file(trial, name), 'utf8')));
  }

  const cutBetweenLines = (text: string) => `${text.split('\n').slice(0, 300).join('\n')}\n`;

  const DAMAGES: readonly {
    readonly what: string;
    readonly name: string;
    readonly to: (text: string) => string;
    readonly says: RegExp;
  }[] = [
    {
      what: 'bins cut off between two lines',
      name: 'bins.csv',
      to: cutBetweenLines,
      says: /bins\.csv: offered: 2085 within the horizon, where trial\.json has 6000$/,
    },
    {
      what: 'bins cut off within a line',
      name: 'bins.csv',
      to: (text) => text.slice(0, text.lastIndexOf(',')),
      says: /bins\.csv: not a CSV file/,
    },
    {
      what: 'bins with one line lost',
      name: 'bins.csv',
      to: (text) => text.split('\n').toSpliced(50, 1).join('\n'),
      says: /bins\.csv: line 51 begins at 5000 ms and not 100 ms after the one before$/,
    },
    {
      what: 'bins of other requests',
      name: 'bins.csv',
      to: (text) => text.replaceAll(',15,15', ',15,14'),
      says: /bins\.csv: ok: 5600 within the horizon, where trial\.json has 6000$/,
    },
    {
      what: 'empty bins',
      name: 'bins.csv',
      to: () => '',
      says: /bins\.csv: no column start_ms, offered, ok/,
    },
    {
      what: 'bins of which the header is left',
      name: 'bins.csv',
      to: (text) => text.slice(0, text.indexOf('\n') + 1),
      says: /bins\.csv: offered: 0 within the horizon, where trial\.json has 6000$/,
    },
    {
      what: 'requests of which the header is left',
      name: 'requests.csv',
      to: (text) => text.slice(0, text.indexOf('\n') + 1),
      says: /requests\.csv: offered: 0 in all, where bins\.csv has 8400$/,
    },
    {
      what: 'events without a step',
      name: 'events.jsonl',
      to: (text) =>
        text
          .split('\n')
          .filter((line) => !line.includes('"step-end"'))
          .join('\n'),
      says: /events\.jsonl: no step has ended, where trial\.json has an upgrade$/,
    },
    {
      what: 'bins that are no numbers',
      name: 'bins.csv',
      to: (text) => text.replace('\n200,15,15', '\n200,15,NaN'),
      says: /bins\.csv: line 4, ok: "NaN" is not a number$/,
    },
    {
      what: 'requests cut off between two lines',
      name: 'requests.csv',
      to: (text) => `${text.split('\n').slice(0, 20).join('\n')}\n`,
      says: /requests\.csv: offered: 2850 in all, where bins\.csv has 8400$/,
    },
    {
      what: 'events cut off within a line',
      name: 'events.jsonl',
      to: (text) => text.slice(0, -20),
      says: /events\.jsonl: its last line is cut off, though the trial was sealed$/,
    },
    {
      what: 'events with a broken line',
      name: 'events.jsonl',
      to: (text) => text.replace('{"event":"phase","atMs":6000', '{"event":"phase","atMs":'),
      says: /events\.jsonl: line 2 is not JSON$/,
    },
    {
      what: 'a record cut off',
      name: 'trial.json',
      to: (text) => text.slice(0, 500),
      says: /trial\.json: not complete JSON \(500 characters\)/,
    },
    {
      what: 'a record with a number that is text',
      name: 'trial.json',
      to: (text) => text.replace('"p95Ms": 6', '"p95Ms": "6'.concat('"')),
      says: /trial\.json: horizon\.p95Ms: /,
    },
    {
      what: 'a record of another trial',
      name: 'trial.json',
      to: (text) => text.replace('"trialId": "bad"', '"trialId": "it"'),
      says: /trial\.json: it is the record of trial "it"$/,
    },
    {
      what: 'a record of a newer build',
      name: 'trial.json',
      to: (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'),
      says: /trial\.json: written by a newer build \(schemaVersion 2\); this one reads up to 1$/,
    },
  ];

  it('names a trial whose upgrade was stopped and whose events have no step that failed', async () => {
    await writeSynthetic(folder, [{ id: 'bad', ...FAULT, record: { upgrade: STOPPED_UPGRADE } }]);
    expect((await judge()).left.damaged).to.deep.equal([]);
    await change('bad', 'events.jsonl', (text) => text.replace('"failed"', '"done"'));
    expect((await judge()).left.damaged[0]?.error.message).to.match(
      /no step has failed, where trial\.json has an upgrade that was stopped$/,
    );
  });

  for (const { what, name, to, says } of DAMAGES)
    it(`names a trial with ${what}, and judges the others`, async () => {
      await writeSynthetic(folder, [
        ...controls('none', 5, 1),
        ...controls('rolling', 5, 2),
        { id: 'bad', ...FAULT },
        { id: 'it', ...FAULT, outageS: 5 },
      ]);
      const before = await readFile(file('bad', name), 'utf8');
      await change('bad', name, to);
      expect(await readFile(file('bad', name), 'utf8'), 'the damage was done').to.not.equal(before);
      const judgement = await judge();
      expect(judgement.left.damaged.map(({ trialId }) => trialId)).to.deep.equal(['bad']);
      expect(judgement.left.damaged[0]?.error.message).to.match(says);
      expect(notesOf(judgement).find((note) => note.startsWith('bad: damaged, not judged: '))).to.match(says);
      const ids = judgement.trials.map(({ record }) => record.trialId);
      expect(ids).to.have.length(11).and.to.not.include('bad');
      const it = judgement.trials.find(({ record }) => record.trialId === 'it');
      expect(it?.primaryImpact).to.equal('full outage');
    });

  it('holds no trial against a damaged control, and says when too few are left', async () => {
    await writeSynthetic(folder, [
      ...controls('none', 5, 1),
      ...controls('rolling', 5, 2),
      { id: 'it', ...FAULT, p95Ms: 60 },
    ]);
    await change('rolling-none-3', 'bins.csv', cutBetweenLines);
    const { trials } = await judge();
    const decisions = trials
      .filter(({ record }) => record.trialId === 'it')
      .flatMap(({ labels }) => labels)
      .filter(({ impact }) => impact === 'increased latency');
    const labels = decisions.map(({ contrast, decision }) => [contrast, decision.label]);
    expect(labels).to.deep.equal([
      ['fault', 'inconclusive'],
      ['user', 'yes'],
    ]);
    expect(decisions[0]?.decision.reason).to.contain('4 controls of rolling');
  });

  it('names a trial whose series are not there, though its record has requests', async () => {
    await writeSynthetic(folder, [...controls('none', 5, 1), { id: 'it', ...FAULT, outageS: 9 }]);
    for (const name of ['bins.csv', 'requests.csv', 'events.jsonl']) await rm(file('it', name));
    const { trials, left } = await judge();
    expect(left.damaged.map(({ trialId }) => trialId)).to.deep.equal(['it']);
    expect(trials.map(({ record }) => record.trialId)).to.not.include('it');
  });

  it('takes a folder without a record, and a file among the trials, for damaged', async () => {
    await writeSynthetic(folder, controls('none', 5, 1));
    await mkdir(join(folder, 'trials', 'empty'));
    await writeFile(join(folder, 'trials', 'notes.txt'), 'read me');
    await mkdir(join(folder, 'trials', 'no id'));
    const { trials, left } = await judge();
    expect(trials).to.have.length(5);
    expect(left.damaged.map(({ trialId }) => trialId)).to.deep.equal(['empty', 'no id', 'notes.txt']);
  });

  it('judges what there is of a campaign that was stopped half way', async () => {
    const trials = [
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      { id: 'it', ...FAULT, outageS: 5 },
    ];
    await writeSynthetic(folder, trials);
    for (const id of ['rolling-none-4', 'rolling-none-5', 'rolling-none-6'])
      await rm(join(folder, 'trials', id), { recursive: true });
    await change('none-none-6', 'trial.json', (text) => text.replace('"sealed": true', '"sealed": false'));
    const judgement = await judge();
    const notes = notesOf(judgement).join('\n');
    expect(notes).to.contain('none-none-6: interrupted, not judged');
    expect(notes).to.contain('scheduled and never begun, 3: rolling-none-4, rolling-none-5, rolling-none-6');
    expect(notes).to.contain('3 controls of rolling that ended in state new: 5 that can be used are wanted');
    const it = judgement.trials.find(({ record }) => record.trialId === 'it');
    expect(it?.impacts).to.include('full outage');
  });

  it('decides nothing of performance without controls, and measures no false alarm', async () => {
    await writeSynthetic(folder, [
      { id: 'it', ...FAULT, p95Ms: 600, failedShare: 0.5 },
      { id: 'calm', ...FAULT },
    ]);
    const judgement = await judge();
    for (const { labels } of judgement.trials)
      for (const { impact, decision } of labels)
        if (['degraded throughput', 'increased latency'].includes(impact))
          expect(decision.label).to.equal('inconclusive');
    const notes = notesOf(judgement).join('\n');
    expect(notes).to.match(/False alarms on controls .*: (\w[\w ]* not measured(, |\.)){6}/);
    expect(notes).to.contain('No controls: what is usual is not known');
    expect(notes).to.contain('Drift of the machine: not tested: 0 of 0 controls');
  });

  it('holds trials of other windows against controls of their own, and says that there are several', async () => {
    const windows = { name: 'long', warmUpS: 6, beforeS: 10, horizonS: 40, dwellS: 2 };
    await writeSynthetic(folder, [
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      { id: 'long', ...FAULT, p95Ms: 60, record: { windows: { ...windows, horizonS: 60 } } },
      { id: 'short', ...FAULT, p95Ms: 60 },
    ]);
    const judgement = await judge();
    const primary = judgement.trials
      .filter(({ record }) => record.fault.type > 0)
      .map(({ record, primaryImpact }) => [record.trialId, primaryImpact]);
    expect(primary).to.deep.equal([
      ['long', 'inconclusive'],
      ['short', 'increased latency'],
    ]);
    expect(notesOf(judgement).join('\n')).to.contain(
      'Trials ran under 2 sets of conditions, and each is held only against controls of its own: horizon (s) 40: trials 13, of them controls 12; horizon (s) 60: trials 1, of them controls 0.',
    );
  });

  it('says that trials of another campaign are among them', async () => {
    await writeSynthetic(folder, controls('none', 5, 1));
    await writeSynthetic(join(root, 'other'), [{ id: 'stranger', ...FAULT, record: { campaign: 'other' } }]);
    await cp(join(root, 'other', 'trials', 'stranger'), join(folder, 'trials', 'stranger'), {
      recursive: true,
    });
    const judgement = await judge();
    expect(notesOf(judgement).join('\n')).to.contain(
      'Recorded by another campaign (other), perhaps on another machine, and judged with the rest: 1 of 6 trials.',
    );
  });
});
