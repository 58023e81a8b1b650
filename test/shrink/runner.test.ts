import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import type { Instrument } from '../../harness/campaign/instrument.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import { interruptText } from '../../harness/plan/interrupts.ts';
import {
  openReduction,
  recordDecision,
  runParts,
  scheduledTrial,
  withScheduled,
} from '../../harness/shrink/runner.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, type Synthetic, syntheticRecord, writeSynthetic } from '../analysis/synthetic.ts';
import { campaignRequest } from '../campaign/request.ts';

/** Whatever touches it would begin a trial: what is recorded needs none. */
const NO_INSTRUMENT = {} as Instrument;
/** Where synthetic campaigns were run. */
const HERE = { kernel: 'synthetic' };

describe('trials of a reduction', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-shrink-'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('are read where they are recorded, and judged against the controls of the campaign they came from', async () => {
    const evidence = ['a', 'b'].map((fault) => ({
      fault,
      verdict: 'found' as const,
      summary: '',
      stepIds: [],
    }));
    const whole: Synthetic = {
      id: 'whole',
      approach: 'rolling',
      fault: 'a+b',
      outageS: 5,
      record: { evidence },
    };
    await writeSynthetic(join(root, 'origin'), [
      ...controls('none', 6, 1),
      ...controls('rolling', 6, 2),
      whole,
    ]);
    const failed = { outcome: 'harness-failed', outcomeReason: 'engine gone' } as const;
    await writeSynthetic(join(root, 'parts'), [
      { id: 'rolling-a', approach: 'rolling', fault: 'a', record: failed },
      { id: 'rolling-a-2', approach: 'rolling', fault: 'a', outageS: 5 },
      { id: 'rolling-a-3', approach: 'rolling', fault: 'a' },
      { id: 'rolling-control', approach: 'rolling' },
    ]);
    const origin = await openCampaign(join(root, 'origin'));
    const { trials } = await judgeCampaign(origin);
    const store = await openCampaign(join(root, 'parts'));
    const { signal } = new AbortController();
    const runs = { ...NO_INSTRUMENT, record: syntheticRecord(whole), trials, store, signal };
    const { trial, isNew } = await runParts(runs, ['a'], 1);
    expect(isNew).to.equal(false);
    // What the testbed failed in is no answer.
    expect(trial.record.trialId).to.equal('rolling-a-2');
    expect(trial.impactsOfFault[0]).to.equal('full outage');
    expect((await runParts(runs, ['a'], 2)).trial.record.trialId).to.equal('rolling-a-3');
    expect((await runParts(runs, [], 1)).trial.record.trialId).to.equal('rolling-control');
    await recordDecision(store, {
      ...{ faults: ['a'], trialId: 'rolling-a-2', outcome: 'completed', impacts: trial.impactsOfFault },
      ...{ verdict: 'same', reason: 'full outage is there' },
    });
    const [line = ''] = (await readFile(join(root, 'parts', 'shrink.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line)).to.deep.include({ faults: ['a'], verdict: 'same' });
  });

  it('are not mixed with those of another campaign', async () => {
    await writeSynthetic(join(root, 'origin'), controls('none', 1, 1));
    await writeSynthetic(join(root, 'other'), controls('none', 1, 1));
    const origin = await openCampaign(join(root, 'origin'));
    const opened = await openReduction(join(root, 'other'), origin, 'it', HERE).catch(String);
    expect(opened).to.contain('holds another campaign; name a new folder with --out');
  });

  it('are not held against controls of another build or machine, nor mixed with trials of one', async () => {
    await writeSynthetic(join(root, 'origin'), controls('none', 1, 1));
    const origin = await openCampaign(join(root, 'origin'));
    const opened = (environment: Record<string, string>) =>
      openReduction(join(root, 'parts'), origin, 'it', environment).catch((error: Error) => error.message);
    expect(await opened({ kernel: 'other' })).to.match(
      /^shrink \S+origin: it was begun with another kernel \(synthetic, now other\)/,
    );
    await opened({ ...HERE, commit: 'a' });
    expect(await opened({ ...HERE, commit: 'b' })).to.match(
      /^shrink: go on in \S+parts: it was begun with another commit/,
    );
  });

  it('are killed where they were asked to be, and by those of their faults that are kills', () => {
    const asked = (text: string) => ({ asked: text, atMs: 0, killed: 1, during: '', note: '' });
    const whole = 'crash@app1/drain+wrong-apache';
    const record = syntheticRecord({
      ...{ id: 'whole', approach: 'rolling', fault: whole },
      record: { interrupts: [asked('upgrader@4'), asked('upgrader@app1/drain')] },
    });
    const kills = (...faults: string[]) =>
      prepareTrial(
        campaignRequest({ faults: [whole] }),
        scheduledTrial(record, faults, new Set()),
      ).plan.interrupts.map(interruptText);
    expect(kills('wrong-apache')).to.deep.equal(['upgrader@4']);
    expect(kills()).to.deep.equal(['upgrader@4']);
    expect(kills('crash@app1/drain', 'wrong-apache')).to.deep.equal(['upgrader@4', 'upgrader@app1/drain']);
  });

  it('are scheduled with all that they do without, and with their kills', async () => {
    await writeSynthetic(join(root, 'parts'), controls('none', 1, 1));
    const record = syntheticRecord({
      ...{ id: 'whole', approach: 'rolling', fault: 'a+b' },
      record: {
        ingress: 'direct',
        interrupts: [{ asked: 'upgrader@4', atMs: 0, killed: 1, during: '', note: '' }],
      },
    });
    const trial = scheduledTrial(record, ['a'], new Set());
    for (let times = 1; times <= 2; times += 1)
      await withScheduled(await openCampaign(join(root, 'parts')), trial);
    const { schedule } = (await openCampaign(join(root, 'parts'))).record;
    expect(schedule.slice(1)).to.deep.equal([
      {
        ...{ trialId: 'rolling-a', approach: 'rolling', fault: 'a', seed: record.seed },
        ...{ ingress: 'direct', interrupts: ['upgrader@4'] },
      },
    ]);
  });

  it('have an id that no sealed trial has', () => {
    const record = syntheticRecord({ id: 'whole', approach: 'rolling', fault: 'a+b' });
    const idOf = (faults: string[], ...taken: string[]) =>
      scheduledTrial(record, faults, new Set(taken)).trialId;
    expect(idOf(['a'], 'rolling-b')).to.equal('rolling-a');
    expect(idOf(['a'], 'rolling-a', 'rolling-a-2')).to.equal('rolling-a-3');
    expect(idOf([])).to.equal('rolling-control');
  });
});
