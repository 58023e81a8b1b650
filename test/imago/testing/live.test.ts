import { expect } from 'chai';
import { DEFAULT_LIMITS, type TesterVerdict } from '../../../harness/imago/testing/protocol.ts';
import { Tester } from '../../../harness/imago/testing/tester.ts';
import { randomStream } from '../../../harness/plan/random.ts';
import { type Authority, makeAuthority } from '../../../harness/provision/certificates.ts';
import { startOrigin } from '../origin.ts';
import { RANGES, replicate, SHOP, ShopData, serveShop } from './replicated-shop.ts';
import { Mirror } from './site.ts';

/** Clients that log in, look, bid and sell, as often as the auction's at their highest rate. */
async function clients(mirror: Mirror, requests: number, seed: number): Promise<void> {
  const random = randomStream(seed, 'clients');
  const cookies: string[] = [];
  const item = (): string => String(1 + random.below(RANGES.items));
  const category = (): string => String(1 + random.below(RANGES.categories));
  const one = async (): Promise<void> => {
    const dice = random.below(100);
    const cookie = cookies.at(-1 - random.below(3)) ?? 'sid=none';
    const send = (target: string, form: Record<string, string>) => mirror.client({ target, form, cookie });
    if (dice < 6 || cookies.length === 0) {
      const answer = await mirror.client({ target: '/login', form: { user: `user${dice}` } });
      const set = answer.fields.find(([name]) => name === 'set-cookie')?.[1];
      if (set !== undefined) cookies.push(set);
    } else if (dice < 12) await send('/bid', { item: item(), cents: String(random.below(10_000)) });
    else if (dice < 14) await send('/sell', { category: category(), name: `new ${random.below(1_000)}` });
    else if (dice < 16) await mirror.client({ target: '/' });
    else if (dice < 50) await mirror.client({ target: `/item?id=${item()}` });
    else await mirror.client({ target: `/list?category=${category()}` });
  };
  const running: Promise<void>[] = [];
  for (let count = 0; count < requests; count += 1) {
    running.push(one());
    await new Promise((resolve) => setTimeout(resolve, 1_000 / 150));
  }
  await Promise.all(running);
}

describe('the verdict while clients write and data follows later', function () {
  this.timeout(60_000);
  let authority: Authority;
  before(async () => {
    authority = await makeAuthority();
  });

  const run = async (seed: number, plant: (fresh: ShopData) => void): Promise<TesterVerdict> => {
    const random = randomStream(seed, 'clients');
    const [old, fresh] = [new ShopData(), new ShopData()];
    replicate(old, fresh, () => 20 + random.below(280));
    plant(fresh);
    const origins = await Promise.all(
      [old, fresh].map((data) =>
        startOrigin(authority, (request, response) => void serveShop(data, request, response)),
      ),
    );
    const [oldSite, newSite] = origins.map(({ address }) => address);
    if (oldSite === undefined || newSite === undefined) throw new Error('no sites');
    const tester = new Tester();
    await tester.carryOut({
      ...{ command: 'connect', old: oldSite, new: newSite, listenPort: 0, comparison: SHOP },
      limits: DEFAULT_LIMITS,
    });
    const { port } = (await tester.carryOut({ command: 'start' })) as { port: number };
    const mirror = await Mirror.connect(oldSite, port);
    await clients(mirror, 700, seed);
    const verdict = await tester.carryOut({ command: 'verdict', minimumCompared: 100, timeoutMs: 10_000 });
    await tester.carryOut({ command: 'stop' });
    mirror.close();
    await Promise.all(origins.map((origin) => origin.close()));
    return verdict as TesterVerdict;
  };

  // More seeds by hand: UPFAULT_TEST_RUNS=20.
  for (let seed = 1; seed <= Number(process.env.UPFAULT_TEST_RUNS ?? 1); seed += 1)
    it(`is silent where nothing is wrong (seed ${seed})`, async () => {
      const verdict = await run(seed, () => {});
      if (process.env.UPFAULT_TEST_RUNS !== undefined)
        console.log(JSON.stringify({ ...verdict, mismatches: verdict.mismatches.slice(0, 3) }));
      expect(verdict.mismatches, JSON.stringify(verdict, null, 1)).to.deep.equal([]);
      expect(verdict.passed, verdict.reason).to.equal(true);
      expect(verdict.agreedLater, 'lag that was met').to.be.greaterThan(0);
    });

  it('finds that one row in twenty was converted wrongly', async () => {
    const verdict = await run(99, ({ items }) => {
      for (const item of items.values()) if (item.id % 20 === 0) item.priceCents += 1;
    });
    expect(verdict.passed, JSON.stringify(verdict, null, 1)).to.equal(false);
    expect(verdict.reason).to.match(/^\d+ confirmed mismatches of live requests/);
    expect(verdict.mismatched).to.be.at.least(2);
    expect(verdict.agreed, 'what is right').to.be.greaterThan(0);
    expect(verdict.mismatches.map(({ detail }) => detail).join('\n')).to.match(/"\d+" became "\d+"/);
  });
});
