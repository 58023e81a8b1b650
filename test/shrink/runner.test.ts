import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import type { Instrument } from '../../harness/campaign/instrument.ts';
import { openReduction, recordDecision, runParts } from '../../harness/shrink/runner.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, type Synthetic, syntheticRecord, writeSynthetic } from '../analysis/synthetic.ts';

/** Whatever touches it would begin a trial: what is recorded needs none. */
const NO_INSTRUMENT = {} as Instrument;

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
    await writeSynthetic(join(root, 'parts'), [
      { id: 'rolling-a', approach: 'rolling', fault: 'a', outageS: 5 },
    ]);
    const origin = await openCampaign(join(root, 'origin'));
    const { trials } = await judgeCampaign(origin);
    const store = await openCampaign(join(root, 'parts'));
    const { signal } = new AbortController();
    const runs = { ...NO_INSTRUMENT, record: syntheticRecord(whole), trials, store, signal };
    const { trial, isNew } = await runParts(runs, ['a']);
    expect(isNew).to.equal(false);
    expect(trial.record.trialId).to.equal('rolling-a');
    expect(trial.impactsOfFault[0]).to.equal('full outage');
    await recordDecision(store, {
      ...{ faults: ['a'], trialId: 'rolling-a', outcome: 'completed', impacts: trial.impactsOfFault },
      ...{ verdict: 'same', reason: 'full outage is there' },
    });
    const [line = ''] = (await readFile(join(root, 'parts', 'shrink.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line)).to.deep.include({ faults: ['a'], verdict: 'same' });
  });

  it('are not mixed with those of another campaign', async () => {
    await writeSynthetic(join(root, 'origin'), controls('none', 1, 1));
    await writeSynthetic(join(root, 'other'), controls('none', 1, 1));
    const origin = await openCampaign(join(root, 'origin'));
    const opened = await openReduction(join(root, 'other'), origin, 'it', NO_INSTRUMENT).catch(String);
    expect(opened).to.contain('holds another campaign; name a new folder with --out');
  });
});
