import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findK6 } from '../../harness/setup/k6.ts';
import { type RunningWorkload, startWorkload, type WorkloadEnd } from '../../harness/workload/workload.ts';
import { workload } from '../../scenarios/auction/workload/spec.ts';
import { type SiteStub, startSiteStub, type Treatment } from './site-stub.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
/** Fewer than the requests of a second, and enough for all that wait in one. */
const CLIENTS = 25;
const ALL_TIME = { phaseAt: () => 'before' as const, horizon: { startMs: -1e6, endMs: 1e9 } };

describe('k6 runs the clients of the auction', function () {
  this.timeout(60_000);
  let k6 = '';
  let site: SiteStub | undefined;

  before(async () => {
    k6 = (await findK6()) ?? '';
    expect(k6, 'k6, which set-up brings').not.to.equal('');
  });
  afterEach(async () => {
    await site?.close();
    site = undefined;
  });

  function start(change: Partial<Parameters<typeof startWorkload>[0]>): RunningWorkload {
    const originNs = process.hrtime.bigint();
    return startWorkload({
      k6,
      script: join(REPOSITORY, workload.script),
      url: site?.url ?? '',
      ratePerSecond: 50,
      durationS: 2,
      seed: 11,
      timeoutMs: 500,
      environment: workload.environment({ hosts: 2, scale: 0.02 }),
      readClocks: () => ({
        wallMs: Date.now(),
        trialMs: Number(process.hrtime.bigint() - originNs) / 1e6,
      }),
      ...change,
    });
  }

  function completed(end: WorkloadEnd): Exclude<WorkloadEnd, { ended: 'failed' }> {
    if (end.ended === 'failed') expect.fail(end.reason);
    return end;
  }

  it('is served everything by a sound site, every request and write accounted for', async () => {
    site = await startSiteStub(() => 'serve');
    const end = completed(await start({ durationS: 4 }).done);
    const { horizon, interactions } = end.summarize(ALL_TIME);
    expect(end.ended).to.equal('completed');
    expect(horizon.offered).to.be.within(200, 201);
    expect(horizon.ok).to.equal(horizon.offered);
    expect(site.asked).to.have.length(horizon.offered);
    expect(interactions).to.include.keys('ViewItem', 'SearchItemsInCategory');
    const stored = site.asked.filter(({ form }) => form.request_id !== undefined);
    expect(stored.length).to.be.greaterThan(0);
    expect(end.writes.map(({ requestId }) => requestId).sort()).to.deep.equal(
      stored.map(({ form }) => form.request_id).sort(),
    );
    expect(new Set(end.writes.map(({ requestId }) => requestId)).size).to.equal(end.writes.length);
    expect(end.writes.every(({ acknowledged }) => acknowledged)).to.equal(true);
    for (const { cookie } of stored.filter(({ path }) => path !== '/app/register'))
      expect(cookie).to.equal('auction_session=s1');
  });

  it('opens at another rate, whose requests are due closer together', async () => {
    site = await startSiteStub(() => 'serve');
    const opening = { ratePerSecond: 100, seconds: 1 };
    const { rows } = completed(await start({ durationS: 3, opening }).done).summarize(ALL_TIME);
    expect(rows.reduce((sum, row) => sum + row.offered, 0)).to.be.within(199, 201);
    expect(Math.max(...rows.map(({ offered }) => offered))).to.be.greaterThan(60);
  });

  it('tells when it began, also where its first answers were long in coming', async () => {
    let hung = 0;
    site = await startSiteStub(() => (hung++ < 40 ? 'hang' : 'serve'));
    const load = start({ durationS: 2 });
    expect(load.begunMs()).to.equal(undefined);
    const [first] = completed(await load.done).summarize(ALL_TIME).bins;
    const firstMs = first?.start_ms ?? Number.NaN;
    // The first that is served is due 800 ms later.
    expect(load.begunMs()).to.be.within(firstMs - 5, firstMs + 500);
  });

  const failures: [Treatment, string][] = [
    ['status-500', 'error-status'],
    ['redirect', 'error-status'],
    ['wrong-page', 'wrong-content'],
    ['hang', 'timeout'],
    ['stall-body', 'timeout'],
    ['reset', 'broken'],
  ];
  for (const [treatment, outcome] of failures)
    it(`calls a site that does ${treatment} ${outcome}, and goes back home`, async () => {
      site = await startSiteStub(() => treatment);
      const end = completed(await start({ ratePerSecond: 40, durationS: 1, maxVus: CLIENTS }).done);
      const { horizon, interactions } = end.summarize(ALL_TIME);
      expect(horizon.ok).to.equal(0);
      expect(horizon.failed[outcome]).to.equal(horizon.offered);
      expect(horizon.failed.dropped).to.equal(0);
      // Every client's second request is for the home page.
      expect(interactions.Home?.offered ?? 0).to.be.at.least(horizon.offered - CLIENTS);
      if (outcome === 'timeout') expect(horizon.p50Ms).to.equal(500);
      expect(end.writes.some(({ acknowledged }) => acknowledged)).to.equal(false);
    });

  it('calls a refused connection broken', async () => {
    const closed = await startSiteStub(() => 'serve');
    await closed.close();
    const end = completed(await start({ url: closed.url, ratePerSecond: 40, durationS: 1 }).done);
    const { horizon } = end.summarize(ALL_TIME);
    expect(horizon.failed.broken).to.equal(horizon.offered);
  });

  it('counts what is due while all clients wait as dropped', async () => {
    site = await startSiteStub(() => 'hang');
    const end = completed(await start({ ratePerSecond: 40, durationS: 2, timeoutMs: 1500, maxVus: 10 }).done);
    const { horizon, lateStarts } = end.summarize(ALL_TIME);
    expect(horizon.offered).to.be.within(80, 81);
    expect(horizon.failed.timeout).to.be.within(10, 30);
    expect(horizon.failed.dropped).to.equal(horizon.offered - (horizon.failed.timeout ?? 0));
    expect(lateStarts).to.be.at.least(horizon.failed.dropped ?? 0);
  });

  it('stops when asked to, keeping what was answered and nothing that stopping broke off', async () => {
    let served = 0;
    site = await startSiteStub(() => (++served > 20 ? 'hang' : 'serve'));
    const running = start({ durationS: 60, timeoutMs: 20_000 });
    while (site.asked.length < 40) await new Promise((resolve) => setTimeout(resolve, 50));
    await running.stop();
    const end = completed(await running.done);
    expect(end.ended).to.equal('stopped');
    const { horizon } = end.summarize(ALL_TIME);
    expect([horizon.offered, horizon.ok]).to.deep.equal([20, 20]);
  });

  it('does not count a request that stopping broke off as a failure of the system', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upfault-workload-'));
    try {
      // Stands for k6: one answer at once; when told to stop, one request broken off and one answered before.
      const point = (year: number, outcome: string) =>
        JSON.stringify({
          metric: 'upfault_answer',
          data: {
            time: `${year}-01-01T00:00:00Z`,
            value: 1,
            tags: { interaction: 'Home', outcome },
            metadata: { started: '1700000000000', status: '0' },
          },
        });
      const fake = join(folder, 'k6');
      await writeFile(
        fake,
        `#!/bin/sh\ntrap 'echo '"'"'${point(2999, 'broken')}'"'"'; echo '"'"'${point(2001, 'broken')}'"'"'; exit 105' INT\necho '${point(2001, 'ok')}'\nwhile :; do sleep 0.05; done\n`,
        { mode: 0o755 },
      );
      const running = start({ k6: fake, url: 'http://127.0.0.1:9', durationS: 30 });
      while (running.seen() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await running.stop();
      const { horizon } = completed(await running.done).summarize({
        ...ALL_TIME,
        horizon: { startMs: -1e13, endMs: 1e13 },
      });
      expect([horizon.offered, horizon.ok, horizon.failed.broken]).to.deep.equal([2, 1, 1]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('fails as the testbed, not as the system, when k6 is killed', async () => {
    site = await startSiteStub(() => 'serve');
    const running = start({ durationS: 60 });
    while (running.seen() === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(running.pid, 'SIGKILL');
    const end = await running.done;
    expect(end).to.include({ ended: 'failed' });
    expect(end.ended === 'failed' && end.reason).to.match(/SIGKILL/);
  });

  it('fails with k6 last lines when the script is wrong, at its start or later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upfault-workload-'));
    try {
      const script = join(folder, 'wrong.ts');
      await writeFile(script, "export default function () {}\nthrow new Error('no such thing');\n");
      const atStart = await start({ script, url: 'http://127.0.0.1:9' }).done;
      expect(atStart.ended === 'failed' && atStart.reason).to.match(/no such thing/);
      await writeFile(
        script,
        "export const options = { iterations: 1, vus: 1 };\nexport default function () { throw new Error('later thing'); }\n",
      );
      const later = await start({ script, url: 'http://127.0.0.1:9' }).done;
      expect(later.ended === 'failed' && later.reason).to.match(/later thing/);
      await writeFile(
        script,
        'export const options = { iterations: 1, vus: 1 };\nexport default function () {}\n',
      );
      const silent = await start({ script, url: 'http://127.0.0.1:9' }).done;
      expect(silent.ended === 'failed' && silent.reason).to.match(/offered 0 requests of 100 due/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('fails when k6 cannot be run, and refuses any address but 127.0.0.1', async () => {
    const end = await start({ k6: '/nonexistent/k6', url: 'http://127.0.0.1:9' }).done;
    expect(end.ended === 'failed' && end.reason).to.match(/cannot be run.*ENOENT/);
    expect(() => start({ url: 'http://192.0.2.1/' })).to.throw(/only go to 127\.0\.0\.1/);
  });
});
