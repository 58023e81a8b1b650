import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import type { DetectorName } from '../../../harness/contract/detector.ts';
import type { PostureProbe } from '../../../harness/contract/settle.ts';
import type { Step } from '../../../harness/contract/step.ts';
import { type OpenSessions, openSessions } from '../../../harness/observation/open-session.ts';
import type { Provoked } from '../../../harness/observation/provocation-acts.ts';
import { provoke } from '../../../harness/observation/provocations.ts';
import { readState, residueIn } from '../../../harness/observation/residue.ts';
import { restartStepsOf, settledContext } from '../../../harness/observation/service-restart.ts';
import { Soundness } from '../../../harness/observation/soundness.ts';
import { makePlan } from '../../../harness/plan/plan.ts';
import { windowsByName } from '../../../harness/plan/windows.ts';
import { CAMPAIGN_LABEL, connectEngine, OWNER_LABEL } from '../../../harness/provision/engine.ts';
import { startHost } from '../../../harness/provision/host-container.ts';
import { makeNetwork } from '../../../harness/provision/network.ts';
import { ownIdentity } from '../../../harness/provision/owner.ts';
import { AT_END, ofCampaign, sweepUntilEmpty } from '../../../harness/provision/sweep.ts';
import { imageKey, layOut, type UniverseMap } from '../../../harness/provision/universe.ts';
import { buildImages } from '../../../harness/setup/image-build.ts';
import { makeCredentials } from '../../../harness/trial/system.ts';
import { execute, type World } from '../../../harness/upgrader/execute.ts';
import { HostAccess } from '../../../harness/upgrader/host-access.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';
import { MISTAKES } from './detector-mistakes.ts';

const SIZE = { hosts: 2, scale: 0.02 };
const CAMPAIGN = `dev-auction-hosts-${process.pid}`;
const SITE = auction.facts.siteName;
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

/** Provocations that the tests of whole campaigns have every trial meet. */
const MET_BY_CAMPAIGNS = new Set([
  ...['restart-lb', 'restart-web', 'restart-app', 'restart-db'],
  ...['connection-peak', 'large-description', 'rare-interactions'],
]);

const unversioned = (line: string) => line.replace(/\/\d+(\.\d+)+/, '/version');

/** What either release's servers say about themselves, and what their pages lack. */
const DISCLOSED = {
  old: ['lb', 'web'].flatMap((tier) => [
    `${tier} cookie route lacks samesite`,
    `${tier} discloses server: apache/version (debian)`,
    `${tier} discloses x-auction-host`,
    ...['content-security-policy', 'x-content-type-options', 'x-frame-options'].map(
      (name) => `${tier} lacks ${name}`,
    ),
    `${tier} page tells apache/version`,
  ]),
  new: ['lb', 'web'].flatMap((tier) => [
    `${tier} discloses server: apache`,
    `${tier} discloses x-auction-host`,
  ]),
} as const;

describe('auction hosts, brought up and upgraded', function () {
  this.timeout(240_000);
  let engine: Dockerode;
  let world: World;
  let entry = '';

  let sessions: OpenSessions;

  const on = async (host: string, ...argv: string[]) => {
    const { exitCode, stdout, stderr } = await world.hosts.exec('old', host, argv);
    return { exitCode, text: stdout.trim() === '' ? stderr.trim() : stdout.trim() };
  };
  const carryOut = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) await execute(step, world);
  };
  /** Asked from an application host, through the shared address, verifying the site's name as clients do. */
  const get = (path: string, ...more: string[]) =>
    on(
      'app1',
      ...['curl', '-sS', '--cacert', '/tmp/ca.crt', '--resolve', `${SITE}:443:${entry}`, '--max-time', '5'],
      ...['-w', '\n%{http_code}', ...more, `https://${SITE}${path}`],
    );
  const exposures = async (name: string): Promise<string[]> => {
    const probe = auction.probes.find((one) => one.name === name) as PostureProbe;
    if (probe.look.kind !== 'command') throw new Error(`${name}: not a command`);
    const { tiers, argv } = probe.look;
    const specs = auction.hosts(SIZE).filter(({ tier }) => tiers.includes(tier));
    const found = await Promise.all(
      specs.map(async ({ name: host, tier }) => {
        const { exitCode, text } = await on(host, ...argv);
        expect(exitCode, `${name} on ${host}: ${text}`).to.equal(0);
        return text === '' ? [] : text.split('\n').map((line) => `${tier} ${line}`);
      }),
    );
    return [...new Set(found.flat())].sort();
  };
  const complaints = async (detector: DetectorName, host: string): Promise<string[]> => {
    const { tier } = auction.hosts(SIZE).find(({ name }) => name === host) ?? expect.fail(host);
    const argv = auction.detectors.find(({ name }) => name === detector)?.commands[tier];
    const { exitCode, text } = await on(host, ...(argv ?? expect.fail(`no ${detector} for ${tier}`)));
    expect(exitCode, text).to.equal(0);
    return text.split('\n').filter((line) => line !== '');
  };
  /** What is answered, once it is what is wanted; else what is answered after some seconds. */
  const once = async <T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> => {
    for (let asked = 1; ; asked += 1) {
      const answer = await ask();
      if (isWanted(answer) || asked === 100) return answer;
      await delay(100);
    }
  };
  const giveAuthority = async (): Promise<void> => {
    const content = world.bindings.pems['ca.crt'] ?? '';
    await world.hosts.writeFile('old', 'app1', { path: '/tmp/ca.crt', content, mode: '0644' });
  };

  before(async () => {
    engine = await connectEngine();
    const images = await buildImages(auction.images(SIZE), () => undefined);
    const labels = { [CAMPAIGN_LABEL]: CAMPAIGN, [OWNER_LABEL]: ownIdentity() };
    const network = await makeNetwork(engine, `upfault-${CAMPAIGN}`, 'internal', labels);
    const old = layOut({ scenario: auction, size: SIZE, universe: 'old', network, labels });
    const bindings = {
      ...(await makeCredentials(auction)),
      universes: { old },
      images: Object.fromEntries(images),
      startNs: '0',
      imago: { ingress: '', machine: { container: '', image: '', labels } },
    };
    world = {
      engine,
      bindings,
      hosts: new HostAccess(engine, bindings),
      nowMs: () => performance.now(),
      repository: process.cwd(),
      onReading: () => undefined,
    };
    entry = old.addresses[auction.entry.address] ?? '';
    await Promise.all(
      Object.values(old.specs).map(({ name, image }) =>
        startHost(engine, old, name, bindings.images[imageKey(image, 'old')] ?? ''),
      ),
    );
    await carryOut(plan.provision);
    await giveAuthority();
    sessions = await openSessions(provokedSystem('old').site, auction.provocations);
  });

  after(async () => {
    if (engine !== undefined) await sweepUntilEmpty(engine, ofCampaign(CAMPAIGN), AT_END);
  });

  const serves = (release: 'old' | 'new'): void => {
    it(`serves static and dynamic pages of the ${release} release under the site's name`, async () => {
      expect((await get('/')).text).to.match(
        new RegExp(`data-page="Home" data-release="${release}"[\\s\\S]*\n200$`),
      );
      expect((await get('/app/categories', '-D', '-')).text)
        .to.match(new RegExp(`x-auction-release: ${release}`, 'i'))
        .and.match(/data-page="BrowseCategories" data-count="20"[\s\S]*\n200$/);
    });

    it('closes the administration area to strangers and opens it to the administrator', async () => {
      expect((await get('/admin/')).text).to.match(/\n401$/);
      for (const path of [
        '/app/admin/status',
        '/app//admin/status',
        '/app/%61dmin/status',
        '/balancer-manager',
      ]) {
        expect((await get(path)).text, path).to.match(/\n403$/);
      }
      const password = world.bindings.secrets['admin-password'] ?? '';
      expect((await get('/admin/', '-u', `admin:${password}`)).text).to.match(
        /data-page="AdminStatus"[\s\S]*\n200$/,
      );
    });

    it('has configurations that the servers themselves accept', async () => {
      for (const host of ['web1', 'web2']) {
        expect((await on(host, 'apachectl', 'configtest')).text).to.include('Syntax OK');
      }
      for (const host of ['lb1', 'lb2']) {
        expect((await on(host, 'haproxy', '-c', '-f', auction.facts.files.balancer)).exitCode).to.equal(0);
      }
    });

    it('listens on nothing but its own ports, and exposes no file', async () => {
      expect(await exposures('open-ports')).to.deep.equal([
        `app tcp network ${auction.facts.appPort[release]}`,
        'db tcp network 3306',
        'lb tcp network 443',
        'web tcp network 443',
      ]);
      expect(await exposures('file-access')).to.deep.equal([]);
      expect(await exposures('machine-accounts')).to.deep.equal([]);
    });

    it('accepts the protocol versions that its release allows, and shows its own certificates', async () => {
      const versions = release === 'old' ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.3'];
      const names = { lb: [SITE], web: [`web1.${SITE}`, `web2.${SITE}`] };
      expect(await exposures('tls')).to.deep.equal(
        (['lb', 'web'] as const).flatMap((tier) => [
          ...versions.map((version) => `${tier} ${version}`),
          `${tier} certificate issuer CN=upfault trial authority`,
          `${tier} certificate key id-ecPublicKey 256 bit`,
          ...names[tier].map((name) => `${tier} certificate names DNS:${name}`),
          `${tier} certificate signature ecdsa-with-SHA256`,
        ]),
      );
    });

    it('says of itself what its release says, and nothing else', async () => {
      const found = await exposures('disclosure');
      expect(found.map((line) => unversioned(line).toLowerCase())).to.deep.equal(DISCLOSED[release]);
    });
  };

  /** Last: what clients come back to counts as a share of the work, which a rotation evens out afterwards. */
  const stands = (release: 'old' | 'new'): void => {
    for (const provocation of auction.provocations.filter(({ name }) => !MET_BY_CAMPAIGNS.has(name)))
      it(`stands ${provocation.name} in the ${release} release`, async () => {
        const provoked = provokedSystem(release);
        const result = await provoke(provocation, provoked, new Soundness(true, new Set()), 'long');
        expect(result).to.include({ held: true, carriedOut: true, reason: '', activationMs: null });
      });
  };

  describe('in the old release', () => {
    serves('old');

    it('finds accounts that somebody could log in with', async () => {
      await on('app1', 'sh', '-c', 'useradd --shell /bin/sh --no-create-home --password "" guest');
      const found = await exposures('machine-accounts');
      await on('app1', 'userdel', 'guest');
      expect(found).to.deep.equal(['app login shell of guest', 'app no password of guest']);
    });

    it('has a replica that follows: what is written on the primary is read there', async () => {
      const status = await on('db2', 'mariadb', '-e', 'SHOW SLAVE STATUS\\G');
      expect(status.text)
        .to.match(/Slave_IO_Running: Yes/)
        .and.match(/Slave_SQL_Running: Yes/);
      const written = 'CREATE DATABASE followed; CREATE TABLE followed.rows_seen (n INT PRIMARY KEY);';
      const wrote = await on('db1', 'mariadb', '-e', `${written} INSERT INTO followed.rows_seen VALUES (53)`);
      expect(wrote).to.deep.equal({ exitCode: 0, text: '' });
      const replicaSays = (statement: string, wanted: string) =>
        once(
          async () => (await on('db2', 'mariadb', '-N', '-B', '-e', statement)).text,
          (text) => text === wanted,
        );
      const seen = await replicaSays('SELECT n FROM followed.rows_seen', '53');
      expect((await on('db1', 'mariadb', '-e', 'DROP DATABASE followed')).exitCode).to.equal(0);
      expect(seen).to.equal('53');
      expect(await replicaSays("SHOW DATABASES LIKE 'followed'", '')).to.equal('');
    });

    it('is told by its state, in which a planted file and a planted index are all that is new', async () => {
      const old = world.bindings.universes.old as UniverseMap;
      const before = await readState(auction, world.hosts, old);
      for (const line of [
        /^web1 file \/etc\/auction\/site\.conf [0-9a-f]{40}$/,
        /^db2 file \/etc\/mysql\/mariadb\.conf\.d\/90-auction\.cnf [0-9a-f]{40}$/,
        /^lb1 process haproxy$/,
        /^web1 process apache2$/,
        /^app1 process node$/,
        /^db1 process mariadbd$/,
        /^db1 account auction_app@% [0-9a-f]{40}$/,
        /^db1 grant 'imago'@'%' auction SELECT$/,
        /^db1 column auction\.categories\.name varchar\(50\)$/,
        /^db1 index auction\.categories\.PRIMARY 1 id$/,
      ])
        expect(
          [...before].some((one) => line.test(one)),
          String(line),
        ).to.equal(true);

      const planted = { path: '/etc/auction/planted.conf', content: 'planted\n', mode: '0644' };
      const digest = createHash('sha1').update(planted.content).digest('hex');
      const alone = (statement: string) =>
        on('db1', 'mariadb', 'auction', '-e', `SET sql_log_bin = 0; ${statement}`);
      await world.hosts.writeFile('old', 'web1', planted);
      const made = await alone('CREATE INDEX planted ON categories (name)');
      const residue = await residueIn(before, auction, world.hosts, old);
      await on('web1', 'rm', planted.path);
      const dropped = await alone('DROP INDEX planted ON categories');
      expect([made, dropped].map(({ exitCode }) => exitCode)).to.deep.equal([0, 0]);
      expect(residue).to.deep.equal([
        '+ db1 index auction.categories.planted 1 name',
        `+ web1 file ${planted.path} ${digest}`,
      ]);
      expect(await residueIn(before, auction, world.hosts, old)).to.deep.equal([]);
    });

    it('finds files that are open to others, and secrets that are served', async () => {
      const served = `${auction.facts.staticPath.old}/backup.json`;
      await on('web1', 'sh', '-c', `cp /etc/auction/tls/host.key ${served}; chmod 0666 ${served}`);
      const found = await exposures('file-access');
      await on(
        'web1',
        'sh',
        '-c',
        `chown www-data ${served}; mv ${served} ${served}.bak; chmod 0644 ${served}.bak`,
      );
      const left = await exposures('file-access');
      await on('web1', 'rm', `${served}.bak`);
      expect(found).to.deep.equal([`web served secret ${served}`, `web world-writable ${served}`]);
      expect(left).to.deep.equal([
        `web owned by www-data ${served}.bak`,
        `web served backup ${served}.bak`,
        `web served secret ${served}.bak`,
      ]);
    });

    it('keeps a drained application host out of rotation, in the list and in the running server', async () => {
      for (const state of ['drain', 'ready'] as const) {
        await carryOut(auction.balance('app1', state, contextOf()));
        const { host, argv } = auction.facts.rotationState('app1');
        expect((await on(host, ...argv)).text).to.equal(state);
        const hosts = new Set<string>();
        for (let request = 0; request < 12; request += 1) {
          const { text } = await get('/app/regions', '-D', '-', '-o', '/dev/null');
          hosts.add(/x-auction-host: (\w+)/i.exec(text)?.[1] ?? text);
        }
        expect([...hosts].sort()).to.deep.equal(state === 'drain' ? ['app2'] : ['app1', 'app2']);
      }
    });

    it('has begun anew when a reload returns, however late the server comes to it', async () => {
      const children = 'grep -lx "PPid:\t$p" /proc/[0-9]*/status 2>/dev/null';
      const script = `p=$(cat /var/run/apache2/apache2.pid); before=$(${children})
        kill -STOP $p; (sleep 0.5; kill -CONT $p) >/dev/null & service-control httpd restart || exit 1
        for child in $(${children}); do case "$before" in *"$child"*) echo "$child";; esac; done`;
      expect(await on('web1', 'sh', '-c', script)).to.deep.equal({ exitCode: 0, text: '' });
    });

    it('keeps a drained web host out of rotation, in the list and in what it is sent', async () => {
      for (const state of ['drain', 'ready'] as const) {
        await carryOut(auction.balance('web2', state, contextOf()));
        const { host, argv } = auction.facts.rotationState('web2');
        expect((await on(host, ...argv)).text).to.equal(state);
        for (let request = 0; request < 12; request += 1)
          expect((await get(`/?turn-${state}`, '-o', '/dev/null')).text).to.equal('200');
        const count = ['grep', '-c', '-F', `GET /?turn-${state} `, '/var/log/auction/access.log'];
        const logged = async (web: string) => Number((await on(web, ...count)).text);
        // A server writes its log after it has answered.
        const answered = await once(
          async () => ({ web1: await logged('web1'), web2: await logged('web2') }),
          ({ web1, web2 }) => web1 + web2 === 12,
        );
        if (state === 'drain') expect(answered).to.deep.equal({ web1: 12, web2: 0 });
        else expect(Math.min(answered.web1, answered.web2), JSON.stringify(answered)).to.be.greaterThan(0);
      }
    });

    stands('old');
  });

  describe('after a rolling upgrade', () => {
    before(async () => {
      await carryOut(plan.upgrade);
      await giveAuthority();
    });
    serves('new');

    it('has left nothing of the old release where it would be served or read', async () => {
      for (const host of ['web1', 'web2']) {
        expect((await on(host, 'test', '-e', auction.facts.staticPath.old)).exitCode).to.equal(1);
      }
    });

    it('has moved the entry to the balancer that was upgraded first', async () => {
      expect((await on('lb2', 'ip', '-o', '-4', 'address', 'show')).text).to.include(` ${entry}/32 `);
      expect((await on('lb1', 'ip', '-o', '-4', 'address', 'show')).text).to.not.include(` ${entry}/32 `);
    });

    stands('new');

    for (const { detector, host, mistake } of MISTAKES) {
      it(`${detector} on ${host} complains of a planted mistake, and of nothing before`, async () => {
        const before = await complaints(detector, host);
        if (detector !== 'package-manager') expect(before).to.deep.equal([]);
        const planted = await on(host, 'sh', '-c', mistake.plant);
        expect(planted.exitCode, planted.text).to.equal(0);
        const news = (await complaints(detector, host)).filter((line) => !before.includes(line));
        expect(news.join('\n')).to.match(mistake.told);
      });
    }
  });

  function provokedSystem(release: 'old' | 'new'): Provoked {
    const serving = world.bindings.universes.old as UniverseMap;
    const context = settledContext(serving, SIZE, (host) => (host.startsWith('db') ? 'old' : release));
    return {
      site: { host: entry, port: 443, serverName: SITE, ca: world.bindings.pems['ca.crt'] ?? '' },
      smoke: auction.smoke,
      serving,
      world,
      restartSteps: restartStepsOf(auction, context),
      failOver: (from, to) => auction.database.failOver(from, to, context),
      sessions,
    };
  }

  function contextOf() {
    const hosts = (tier: string) =>
      auction
        .hosts(SIZE)
        .filter((spec) => spec.tier === tier)
        .map(({ name }) => name);
    return {
      universe: 'old' as const,
      size: SIZE,
      hosts,
      releaseOf: () => 'old' as const,
      drained: () => false,
    };
  }
});
