import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { RecordError } from '../../results/errors.ts';
import { createRedactor, REDACTED } from '../../results/redact.ts';
import { createCampaign, openCampaign } from '../../results/store.ts';
import { readAttachments, readBins, readEvents, readRequests } from '../../results/trial-files.ts';
import { controls, syntheticRecord, writeSynthetic } from '../analysis/synthetic.ts';

/** The error that an action ends with. */
async function failure(act: () => Promise<unknown>): Promise<RecordError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('results folder', () => {
  let root: string;
  let folder: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-store-'));
    folder = join(root, 'campaign');
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('gives back what was recorded', async () => {
    await writeSynthetic(folder, [{ id: 'a-1', approach: 'rolling', fault: 'wrong-apache', outageS: 2 }]);
    const store = await openCampaign(folder);
    const { sealed, interrupted, damaged, missing } = await store.trials();
    expect(sealed).to.deep.equal([
      syntheticRecord({ id: 'a-1', approach: 'rolling', fault: 'wrong-apache', outageS: 2 }),
    ]);
    expect([...interrupted, ...damaged, ...missing]).to.deep.equal([]);
    const trial = store.trialFolder('a-1');
    expect((await readRequests(trial)).length).to.equal(56);
    expect((await readBins(trial)).at(-1)).to.deep.equal({ start_ms: 55_900, offered: 15, ok: 15 });
    expect((await readEvents(trial)).truncated).to.equal(false);
    const { evidence, unreadable } = await readAttachments(trial);
    expect([...evidence.keys()]).to.deep.equal(['observe__wrong-apache__file']);
    expect([...unreadable]).to.deep.equal([]);
  });

  it('keeps the order of events that are appended at the same time', async () => {
    const store = await createCampaign(folder, {
      schemaVersion: 1,
      campaign: 'c',
      startedAt: '',
      seed: 1,
      request: {},
      schedule: [],
      environment: {},
    });
    const trial = await store.beginTrial(syntheticRecord({ id: 'a', approach: 'none' }));
    const texts = Array.from({ length: 200 }, (_, index) => `note ${index}`);
    await Promise.all(texts.map((text, atMs) => trial.event({ event: 'note', atMs, text })));
    const { events } = await readEvents(trial.folder);
    expect(events.map((event) => (event.event === 'note' ? event.text : ''))).to.deep.equal(texts);
  });

  it('drops a last event that was cut off, and says so', async () => {
    await writeSynthetic(folder, [{ id: 'a', approach: 'none' }]);
    const trial = (await openCampaign(folder)).trialFolder('a');
    const whole = await readEvents(trial);
    await appendFile(join(trial, 'events.jsonl'), '{"event":"note","atMs":1');
    expect(await readEvents(trial)).to.deep.equal({ events: whole.events, truncated: true });
  });

  it('refuses an event line that is damaged in the middle, naming file and line', async () => {
    await writeSynthetic(folder, [{ id: 'a', approach: 'none' }]);
    const trial = (await openCampaign(folder)).trialFolder('a');
    const path = join(trial, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[1] = '{"event":';
    await writeFile(path, lines.join('\n'));
    const error = await failure(() => readEvents(trial));
    expect(error.kind).to.equal('damaged');
    expect(error.message).to.contain(`${path}: line 2 is not JSON`);
  });

  it('names the line and column of a number that is none', async () => {
    await writeSynthetic(folder, [{ id: 'a', approach: 'none' }]);
    const trial = (await openCampaign(folder)).trialFolder('a');
    await writeFile(join(trial, 'bins.csv'), 'start_ms,offered,ok\n0,15,15\n100,15,NaN\n');
    const error = await failure(() => readBins(trial));
    expect(error.message).to.match(/bins\.csv: line 3, ok: "NaN" is not a number/);
    await writeFile(join(trial, 'requests.csv'), 'second,phase\n0,before\n');
    expect((await failure(() => readRequests(trial))).message).to.contain('no column offered, ok');
  });

  it('gives the readings that can be read, and says why others cannot', async () => {
    await writeSynthetic(folder, [{ id: 'a', approach: 'rolling', fault: 'wrong-apache' }]);
    const trial = (await openCampaign(folder)).trialFolder('a');
    await mkdir(join(trial, 'evidence', 'folder.txt'));
    await rm(join(trial, 'logs'), { recursive: true });
    await writeFile(join(trial, 'logs'), '');
    const { evidence, logs, unreadable } = await readAttachments(trial);
    expect([...evidence.keys()]).to.deep.equal(['observe__wrong-apache__file']);
    expect(logs).to.deep.equal([]);
    expect([...unreadable.keys()]).to.deep.equal(['evidence/folder.txt', 'logs']);
    expect(unreadable.get('logs')).to.match(/^list .*logs: ENOTDIR/);
  });

  it('tells a folder that is no campaign from a damaged and from a newer one', async () => {
    expect((await failure(() => openCampaign(folder))).kind).to.equal('not-a-results-folder');
    await mkdir(folder);
    expect((await failure(() => openCampaign(folder))).message).to.contain('not a results folder');
    await writeFile(join(folder, 'campaign.json'), '{"schemaVersion": 1, "campaign": "x"');
    const cut = await failure(() => openCampaign(folder));
    expect(cut.kind).to.equal('damaged');
    expect(cut.message).to.contain('campaign.json: not complete JSON');
    await writeFile(join(folder, 'campaign.json'), '{"schemaVersion": 1, "campaign": 5}');
    expect((await failure(() => openCampaign(folder))).message).to.contain('campaign.json: campaign:');
    await writeFile(join(folder, 'campaign.json'), '{"schemaVersion": 2}');
    const newer = await failure(() => openCampaign(folder));
    expect(newer.kind).to.equal('newer-version');
    expect(newer.message).to.contain('schemaVersion 2');
  });

  it('keeps rows once that plans have in common, and those apart in which they differ', async () => {
    await writeSynthetic(folder, [
      ...controls('rolling', 2, 1),
      { id: 'it', approach: 'rolling', fault: 'f' },
    ]);
    const store = await openCampaign(folder);
    const { sealed } = await store.trials();
    for (const { trialId, plan } of sealed) expect(plan).to.deep.equal((await store.readTrial(trialId)).plan);
    const [faulty, one, other] = sealed.map(({ plan }) => plan);
    expect(one?.map((row, index) => row === other?.[index])).to.deep.equal([true, true, true]);
    expect(faulty?.map((row, index) => row === one?.[index])).to.deep.equal([true, false, true]);
  });

  it('lists interrupted, damaged and missing trials apart from sealed ones', async () => {
    await writeSynthetic(folder, [
      ...controls('none', 2, 1),
      { id: 'cut', approach: 'none', record: { sealed: false } },
      { id: 'bad', approach: 'none' },
      { id: 'gone', approach: 'none' },
    ]);
    await writeFile(join(folder, 'trials', 'bad', 'trial.json'), '{');
    await rm(join(folder, 'trials', 'gone'), { recursive: true });
    const trials = await (await openCampaign(folder)).trials();
    expect(trials.sealed.map((trial) => trial.trialId)).to.deep.equal(['none-none-1', 'none-none-2']);
    expect(trials.interrupted.map((trial) => trial.trialId)).to.deep.equal(['cut']);
    expect(trials.damaged.map((entry) => entry.trialId)).to.deep.equal(['bad']);
    expect(trials.missing).to.deep.equal(['gone']);
  });

  it('never overwrites a campaign or a sealed trial, and sets an interrupted one aside', async () => {
    await writeSynthetic(folder, [
      { id: 'a', approach: 'none' },
      { id: 'cut', approach: 'none', record: { sealed: false } },
    ]);
    const store = await openCampaign(folder);
    expect((await failure(() => createCampaign(folder, store.record))).kind).to.equal('exists');
    expect(
      (await failure(() => store.beginTrial(syntheticRecord({ id: 'a', approach: 'none' })))).kind,
    ).to.equal('refused');
    await store.beginTrial(syntheticRecord({ id: 'cut', approach: 'none' }));
    expect(await readdir(join(folder, 'interrupted'))).to.deep.equal(['cut~1']);
    expect(
      (await failure(() => store.beginTrial(syntheticRecord({ id: '../x', approach: 'none' })))).kind,
    ).to.equal('refused');
  });

  it('is made by one of two who begin in it at the same time', async () => {
    await mkdir(folder);
    const begin = (campaign: string) =>
      createCampaign(folder, {
        ...{ schemaVersion: 1, campaign, startedAt: '', seed: 1, request: {}, schedule: [] },
        environment: {},
      });
    const both = await Promise.allSettled([begin('one'), begin('other')]);
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.record.campaign] : []));
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason.kind] : []));
    expect(refused).to.deep.equal(['exists']);
    expect([(await openCampaign(folder)).record.campaign]).to.deep.equal(made);
  });

  it('sets aside what is no whole record, and nothing that only cannot be read', async () => {
    await writeSynthetic(folder, [
      { id: 'cut', approach: 'none' },
      { id: 'empty', approach: 'none' },
      { id: 'unreadable', approach: 'none' },
    ]);
    const file = (id: string) => join(folder, 'trials', id, 'trial.json');
    await writeFile(file('cut'), '{');
    await rm(file('empty'));
    await rm(file('unreadable'));
    await mkdir(file('unreadable'));
    const store = await openCampaign(folder);
    for (const id of ['cut', 'empty']) await store.beginTrial(syntheticRecord({ id, approach: 'none' }));
    const error = await failure(() =>
      store.beginTrial(syntheticRecord({ id: 'unreadable', approach: 'none' })),
    );
    expect([error.kind, error.path]).to.deep.equal(['io', file('unreadable')]);
    expect(await readdir(join(folder, 'interrupted'))).to.deep.equal(['cut~1', 'empty~1']);
  });

  it('sets a sealed trial aside only where the testbed failed it', async () => {
    await writeSynthetic(folder, [
      { id: 'good', approach: 'none' },
      { id: 'lost', approach: 'none', record: { outcome: 'harness-failed' } },
      { id: 'cut', approach: 'none', record: { outcome: 'harness-failed', sealed: false } },
    ]);
    const store = await openCampaign(folder);
    for (const id of ['good', 'cut'])
      expect((await failure(() => store.setAsideFailed(id))).kind).to.equal('refused');
    await store.setAsideFailed('lost');
    expect(await readdir(join(folder, 'interrupted'))).to.deep.equal(['lost~1']);
    expect((await store.trials()).missing).to.deep.equal(['lost']);
  });

  it('refuses to write what could not be read back', async () => {
    await writeSynthetic(folder, [{ id: 'cut', approach: 'none', record: { sealed: false } }]);
    const trial = await (await openCampaign(folder)).beginTrial(
      syntheticRecord({ id: 'b', approach: 'none' }),
    );
    const error = await failure(() => trial.event({ event: 'note', atMs: Number.NaN, text: '' }));
    expect(error.kind).to.equal('refused');
    expect(error.message).to.match(/^write .*events\.jsonl: atMs: /);
  });

  it('leaves nothing half-written behind a failed write', async () => {
    await writeSynthetic(folder, [{ id: 'cut', approach: 'none', record: { sealed: false } }]);
    const store = await openCampaign(folder);
    const trial = await store.beginTrial(syntheticRecord({ id: 'b', approach: 'none' }));
    await mkdir(join(trial.folder, 'plan.json'));
    expect((await failure(() => trial.writePlan('{}'))).message).to.contain('plan.json');
    expect((await readdir(trial.folder)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('names a full disk', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const trial = await (
      await createCampaign(folder, {
        schemaVersion: 1,
        campaign: 'c',
        startedAt: '',
        seed: 1,
        request: {},
        schedule: [],
        environment: {},
      })
    ).beginTrial(syntheticRecord({ id: 'a', approach: 'none' }));
    await symlink('/dev/full', join(trial.folder, 'events.jsonl'));
    const error = await failure(() => trial.event({ event: 'note', atMs: 1, text: 'x' }));
    expect(error.kind).to.equal('disk-full');
    expect(error.message).to.contain('events.jsonl: no space left on the device (ENOSPC)');
  });

  it('keeps secrets out of every file of a trial', async () => {
    const secret = 'k3y/+Zq8"vL0w9$x';
    const store = await createCampaign(folder, {
      schemaVersion: 1,
      campaign: 'c',
      startedAt: '',
      seed: 1,
      request: {},
      schedule: [],
      environment: {},
    });
    const record = syntheticRecord({ id: 'a', approach: 'none' });
    const trial = await store.beginTrial(
      { ...record, outcomeReason: `login ${secret}` },
      createRedactor([secret]),
    );
    await trial.event({ event: 'note', atMs: 1, text: `env PASSWORD=${secret}` });
    await trial.writeEvidence(
      'observe/x/y',
      `Authorization: Basic ${Buffer.from(`admin:${secret}`).toString('base64')}`,
    );
    await trial.writeLog('web1.log', `GET /?p=${encodeURIComponent(secret)}`);
    await trial.writePlan(JSON.stringify({ password: secret }));
    await trial.writeLedger([{ kind: 'bid', request_id: 'r', verdict: 'lost', detail: secret }]);
    await trial.seal({ ...record, outcomeReason: `login ${secret}` });
    const core = Buffer.from(secret).toString('base64').slice(4, -6);
    const files = (await readdir(trial.folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(trial.folder, join(entry.parentPath, entry.name)));
    expect(files).to.have.members([
      'trial.json',
      'events.jsonl',
      'evidence/observe__x__y.txt',
      'logs/web1.log',
      'plan.json',
      'ledger.csv',
    ]);
    for (const file of files) {
      const text = await readFile(join(trial.folder, file), 'utf8');
      expect(text, file).to.contain(REDACTED);
      expect(text, file).to.not.contain(secret).and.not.contain('k3y').and.not.contain(core);
    }
  });
});

describe('redaction', () => {
  it('finds a secret in base64 at every offset, as a database hash and line by line', () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n';
    const redact = createRedactor(['correct-horse', key]);
    for (const before of ['', 'a', 'ab', 'abc:', 'user:']) {
      for (const after of ['', 'x', 'xy']) {
        const text = Buffer.from(`${before}correct-horse${after}`).toString('base64');
        expect(redact(text), text).to.contain(REDACTED);
      }
    }
    expect(redact('MIIEvQIBADANBgkqhkiG9w0B')).to.equal(REDACTED);
    const grants = "IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'";
    expect(createRedactor(['password'])(grants)).to.equal(`IDENTIFIED BY PASSWORD '${REDACTED}'`);
    expect(redact('nothing secret in here')).to.equal('nothing secret in here');
  });

  it('refuses a secret that ordinary text would hold', () => {
    expect(() => createRedactor(['web'])).to.throw(RangeError, 'at least 8');
  });
});
