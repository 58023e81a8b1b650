/**
 * The compare engine between the auction's two releases, each in its own containers: what it says of them when
 * nothing is wrong, and of faults planted in the new one.
 */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import type { Exchange } from '../../../harness/contract/exchange.ts';
import { DEFAULT_LIMITS, type TesterVerdict } from '../../../harness/imago/testing/protocol.ts';
import { Tester } from '../../../harness/imago/testing/tester.ts';
import { makePlan } from '../../../harness/plan/plan.ts';
import { windowsByName } from '../../../harness/plan/windows.ts';
import { CAMPAIGN_LABEL, connectEngine, OWNER_LABEL } from '../../../harness/provision/engine.ts';
import { startHost } from '../../../harness/provision/host-container.ts';
import { makeNetwork } from '../../../harness/provision/network.ts';
import { ownIdentity } from '../../../harness/provision/owner.ts';
import { AT_END, ofCampaign, sweepUntilEmpty } from '../../../harness/provision/sweep.ts';
import { imageKey, layOut } from '../../../harness/provision/universe.ts';
import { resolveImages } from '../../../harness/setup/image-build.ts';
import { makeCredentials } from '../../../harness/trial/system.ts';
import { execute, type World } from '../../../harness/upgrader/execute.ts';
import { HostAccess } from '../../../harness/upgrader/host-access.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';
import { firstInteraction, nextInteraction } from '../../../scenarios/auction/workload/chain.ts';
import { newClient } from '../../../scenarios/auction/workload/client.ts';
import { drawsFor } from '../../../scenarios/auction/workload/prng.ts';
import { requestFor } from '../../../scenarios/auction/workload/requests.ts';
import { type Ask, Mirror } from './site.ts';

const SIZE = { hosts: 2, scale: 0.02 };
const CAMPAIGN = `dev-tester-${process.pid}`;
const RANGES = { users: 20_000, closedItems: 10_000, itemsOnSale: 660, categories: 20, regions: 62 };
const plan = makePlan({
  scenario: auction,
  approach: 'rolling',
  faults: [],
  shams: [],
  reach: 'one',
  target: 'new',
  gates: 'native',
  seed: 1,
  size: SIZE,
  windows: { ...windowsByName.quick, dwellS: 0 },
  schemaPolicy: 'in-place',
  engine: 'keep',
  onFailure: 'halt',
  ratePerSecond: 150,
});

/** What a few clients ask for, without what needs a session of the universe that answers. */
function asksOf(seed: number, count: number): Ask[] {
  const draws = drawsFor(seed, 1);
  const client = newClient(seed, 1, draws, RANGES);
  let interaction = firstInteraction(draws.unit());
  const asks: Ask[] = [];
  while (asks.length < count) {
    const { method, path, form, write } = requestFor(interaction, client, (text) =>
      createHash('sha256').update(text).digest('hex'),
    );
    if (write === undefined) asks.push(method === 'GET' ? { target: path } : { target: path, form });
    interaction = nextInteraction(interaction, draws.unit());
  }
  return asks;
}

describe('the compare engine between both releases of the auction', function () {
  this.timeout(300_000);
  let engine: Dockerode;
  const worlds: { old?: World; new?: World } = {};
  let seed = 0;

  const startWorld = async (
    name: 'old' | 'new',
    credentials: Awaited<ReturnType<typeof makeCredentials>>,
  ): Promise<World> => {
    const labels = { [CAMPAIGN_LABEL]: CAMPAIGN, [OWNER_LABEL]: ownIdentity() };
    const network = await makeNetwork(engine, `upfault-${CAMPAIGN}-${name}`, 'internal', labels);
    const universe = layOut({ scenario: auction, size: SIZE, universe: 'old', network, labels });
    const images = await resolveImages(auction.images(SIZE));
    const bindings = {
      ...credentials,
      universes: { old: universe },
      images: Object.fromEntries(images),
      // Nobody asks for the ingress or the driver here.
      imago: { ingress: '', machine: { container: '', image: '', labels } },
      startNs: '0',
    };
    const world: World = {
      engine,
      bindings,
      hosts: new HostAccess(engine, bindings),
      nowMs: () => 0,
      repository: process.cwd(),
      onReading: () => undefined,
    };
    worlds[name] = world;
    await Promise.all(
      Object.values(universe.specs).map((spec) =>
        startHost(engine, universe, spec.name, bindings.images[imageKey(spec.image, 'old')] ?? ''),
      ),
    );
    for (const step of plan.provision) await execute(step, world);
    if (name === 'new') for (const step of plan.upgrade) await execute(step, world);
    return world;
  };
  const entryOf = (name: 'old' | 'new') => {
    const world = worlds[name] as World;
    return {
      host: world.bindings.universes.old?.addresses[auction.entry.address] ?? '',
      port: auction.entry.port,
      serverName: auction.entry.serverName,
      ca: world.bindings.pems['ca.crt'] ?? '',
    };
  };
  const onNew = async (host: string, script: string): Promise<void> => {
    const { exitCode, stderr } = await (worlds.new as World).hosts.exec('old', host, ['sh', '-c', script]);
    expect(exitCode, `${host}: ${script}: ${stderr}`).to.equal(0);
  };
  const compare = async (count: number, walk: readonly Exchange[] = []): Promise<TesterVerdict> => {
    const tester = new Tester();
    const [old, fresh] = [entryOf('old'), entryOf('new')];
    const limits = { ...DEFAULT_LIMITS, requestsPerSecond: 200, pausesMs: [100, 200, 400] };
    const { comparison } = auction;
    await tester.carryOut({ command: 'connect', old, new: fresh, listenPort: 0, comparison, limits });
    if (walk.length > 0) {
      const result = await tester.carryOut({ command: 'integration', exchanges: walk, timeoutMs: 10_000 });
      expect(result).to.deep.equal({ held: true, reason: '' });
    }
    const { port } = (await tester.carryOut({ command: 'start' })) as { port: number };
    const mirror = await Mirror.connect(old, port);
    seed += 1;
    for (const ask of asksOf(seed, count)) await mirror.client(ask);
    const verdict = await tester.carryOut({ command: 'verdict', minimumCompared: 50, timeoutMs: 20_000 });
    mirror.close();
    await tester.carryOut({ command: 'stop' });
    return verdict as TesterVerdict;
  };

  before(async () => {
    engine = await connectEngine();
    const credentials = await makeCredentials(auction);
    await Promise.all([startWorld('old', credentials), startWorld('new', credentials)]);
  });
  after(async () => {
    if (engine !== undefined) await sweepUntilEmpty(engine, ofCampaign(CAMPAIGN), AT_END);
  });

  it('is silent where nothing is wrong', async () => {
    const verdict = await compare(500);
    expect(verdict.mismatches, JSON.stringify(verdict, null, 1)).to.deep.equal([]);
    expect(verdict.passed, verdict.reason).to.equal(true);
  });

  const faults: readonly (readonly [
    what: string,
    host: string,
    plant: string,
    heal: string,
    found: RegExp,
  ])[] = [
    [
      'static pages that are not there',
      'web1',
      `mv ${auction.facts.staticPath.new} /tmp/static`,
      `mv /tmp/static ${auction.facts.staticPath.new}`,
      /status 200 became 40[34]/,
    ],
    [
      'an administration area that is open',
      'web1',
      `sed -i.sound 's/Require valid-user/Require all granted/' ${auction.facts.files.site} && apachectl graceful && sleep 1`,
      `mv ${auction.facts.files.site}.sound ${auction.facts.files.site} && apachectl graceful && sleep 1`,
      /status 401 became 200/,
    ],
    [
      'a missing grant',
      'db1',
      `mariadb -e "REVOKE INSERT ON auction.sessions FROM 'auction_app2'@'%'"`,
      `mariadb -e "GRANT INSERT ON auction.sessions TO 'auction_app2'@'%'"`,
      /status 200 became 500/,
    ],
    [
      'rows that are missing',
      'db1',
      'mariadb auction -e "CREATE TABLE kept AS SELECT * FROM bids WHERE id % 10 = 0; DELETE FROM bids WHERE id % 10 = 0"',
      'mariadb auction -e "INSERT INTO bids SELECT * FROM kept; DROP TABLE kept"',
      /data-count: "\d+" became|without <tr>/,
    ],
  ];
  for (const [what, host, plant, heal, found] of faults)
    it(`catches ${what}`, async () => {
      await onNew(host, plant);
      try {
        const verdict = await compare(250);
        expect(verdict.passed, JSON.stringify(verdict, null, 1)).to.equal(false);
        expect(verdict.mismatches.map(({ detail }) => detail).join('\n')).to.match(found);
      } finally {
        await onNew(host, heal);
      }
    });

  it('walks through the new release, and does not take what the walk has written for a fault', async () => {
    const verdict = await compare(250, auction.smoke);
    expect(verdict.excused['test-write'], JSON.stringify(verdict, null, 1)).to.be.greaterThan(0);
    expect(verdict.passed, JSON.stringify(verdict, null, 1)).to.equal(true);
  });
});
