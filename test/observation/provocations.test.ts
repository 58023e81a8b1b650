import { expect } from 'chai';
import type { Exchange } from '../../harness/contract/exchange.ts';
import type { Act, Provocation } from '../../harness/contract/settle.ts';
import { openSessions } from '../../harness/observation/open-session.ts';
import { provoke, walk } from '../../harness/observation/provocations.ts';
import { unwellHosts } from '../../harness/observation/service-restart.ts';
import { Soundness } from '../../harness/observation/soundness.ts';
import { type Stand, startStand } from './provoked-stand.ts';

const ask = (path: string): Exchange => ({
  method: 'GET',
  path,
  expect: { status: 200, contains: ['welcome'] },
});
const VISIT = { exchanges: [ask('/visit')], concurrency: 2 };
const provocation = (act: Act): Provocation => ({ name: 'it', summary: 'what is done', set: 'all', act });
const sound = () => new Soundness(true, new Set());
/** A clock by which the time to recover is over after a few looks. */
const hurried = () => {
  let clockMs = 0;
  return { nowMs: () => (clockMs += 2_500) };
};

describe('provocations of a system', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand();
  });
  afterEach(() => stand.close());

  const provoked = (act: Act, state = sound()) => provoke(provocation(act), stand.provoked, state, 'short');

  describe('a question to hosts', () => {
    const QUESTION: Act = { kind: 'inspection', tiers: ['web'], argv: ['ends-soon'] };

    it('is stood where every host says yes', async () => {
      expect(await provoked(QUESTION)).to.include({ held: true, activationMs: null, reason: '' });
      expect(stand.asked).to.deep.equal(['web1 ends-soon', 'web2 ends-soon']);
    });

    it('fails with the words of the host that says no, and tells when', async () => {
      stand.hosts = (host) => (host === 'web2' ? [1, 'notAfter=tomorrow'] : [0, '']);
      const result = await provoked(QUESTION);
      expect(result).to.include({ held: false, carriedOut: true, reason: 'web2: notAfter=tomorrow' });
      expect(result.activationMs).to.be.within(0, result.endMs - result.startMs);
    });

    it('says nothing where a host gave no answer', async () => {
      stand.hosts = () => [127, 'not found'];
      expect(await provoked(QUESTION)).to.include({ held: false, carriedOut: false });
    });
  });

  describe('hardship', () => {
    const HARDSHIP: Act = { kind: 'hardship', tiers: ['web'], begin: ['fill'], visit: VISIT, end: ['free'] };
    const HARD_THEN_FREE = ['web1 fill', 'web2 fill', 'web1 free', 'web2 free'];

    it('is brought about on every host, met by users, and taken away', async () => {
      expect(await provoked(HARDSHIP)).to.include({ held: true });
      expect(stand.asked).to.deep.equal(HARD_THEN_FREE);
    });

    it('fails where users are not served in it, and is taken away all the same', async () => {
      stand.site = (path) => (path === '/visit' ? [500, 'no room'] : [200, 'welcome']);
      const result = await provoked(HARDSHIP);
      expect(result).to.include({ held: false, carriedOut: true });
      expect(result.reason).to.include('no room');
      expect(result.activationMs).to.be.a('number');
      expect(stand.asked).to.deep.equal(HARD_THEN_FREE);
    });

    it('says nothing where it could not be brought about, and is taken away all the same', async () => {
      stand.hosts = (_, command) => (command === 'fill' ? [1, 'no such device'] : [0, '']);
      expect(await provoked(HARDSHIP)).to.include({ held: false, carriedOut: false });
      expect(stand.asked).to.include.members(['web1 free', 'web2 free']);
    });
  });

  describe('a session from before the upgrade', () => {
    const SESSION: Act = { kind: 'session', begin: [ask('/begin')], resume: [ask('/resume')] };
    const begun = async () => ({
      ...stand.provoked,
      sessions: await openSessions(stand.provoked.site, [provocation(SESSION)]),
    });
    const resumed = async (provoked: Stand['provoked']) =>
      provoke(provocation(SESSION), provoked, sound(), 'short');

    it('goes on with what the client was given when it began', async () => {
      stand.site = (path, cookie) =>
        path === '/begin' || cookie === 'who=me' ? [200, 'welcome'] : [401, 'who are you?'];
      expect(await resumed(await begun())).to.include({ held: true });
    });

    it('fails where the client is not known any more', async () => {
      const before = await begun();
      stand.site = () => [401, 'who are you?'];
      expect(await resumed(before)).to.include({ held: false, carriedOut: true });
    });

    it('says nothing where it could not begin', async () => {
      stand.site = () => [503, 'later'];
      const before = await begun();
      stand.site = () => [200, 'welcome'];
      expect(await resumed(before)).to.include({ held: false, carriedOut: false });
    });
  });

  describe('a restart', () => {
    const RESTART: Act = { kind: 'restart', tier: 'web' };

    it('is done as the provocation wants it, before users come', async () => {
      let visits = 0;
      stand.site = (path) => {
        if (path === '/visit') visits += 1;
        return [200, 'welcome'];
      };
      const how = { ...RESTART, stop: ['kill'], whileStopped: ['forget'], visit: VISIT };
      expect(await provoked(how)).to.include({ held: true });
      expect(stand.asked.filter((asked) => asked.startsWith('web1'))).to.deep.equal([
        'web1 kill',
        'web1 forget',
        'web1 start',
        'web1 check',
      ]);
      expect(visits).to.equal(VISIT.concurrency);
    });

    it('fails where a service does not come up, and tells when', async () => {
      stand.hosts = (_, command) => (command === 'start' ? [1, 'port in use'] : [0, '']);
      const result = await provoked(RESTART);
      expect(result).to.include({ held: false, carriedOut: true });
      expect(result.reason).to.include('port in use');
      expect(result.activationMs).to.be.a('number');
      expect(result.repaired).to.deep.equal([]);
    });

    it('is stood where a host that was not well before is no better afterwards, and users are served', async () => {
      stand.hosts = (host, command) => (host === 'web2' && command !== 'stop' ? [1, 'port in use'] : [0, '']);
      const state = new Soundness(true, new Set(['web2']));
      expect(await provoked(RESTART, state)).to.include({ held: true, carriedOut: true, reason: '' });
      expect([...state.unwell]).to.deep.equal(['web2']);
    });

    it('starts a service whose stop has failed, and tells of both', async () => {
      stand.hosts = (host, command) => (host === 'web1' && command === 'stop' ? [1, 'no answer'] : [0, '']);
      const result = await provoked(RESTART);
      expect(result).to.include({ held: false, carriedOut: true });
      expect(result.reason).to.include('no answer');
      expect(stand.asked).to.include.members(['web1 start', 'web1 check']);
    });

    it('says nothing where what is done meanwhile fails, and has started the service again', async () => {
      stand.hosts = (_, command) => (command === 'forget' ? [1, 'no such file'] : [0, '']);
      expect(await provoked({ ...RESTART, whileStopped: ['forget'] })).to.include({ carriedOut: false });
      expect(stand.asked).to.include.members(['web1 start', 'web1 check', 'web2 start', 'web2 check']);
    });

    it('is not credited with what had been mended before it', async () => {
      const state = new Soundness(true, new Set(['web2']));
      expect((await provoked(RESTART, state)).repaired).to.deep.equal([]);
      expect((await provoked(RESTART, new Soundness(false, new Set()))).repaired).to.deep.equal([]);
    });

    it('tells which host it has repaired, once', async () => {
      let ill = true;
      stand.hosts = (host, command) => {
        if (host === 'web2' && command === 'start') ill = false;
        return host === 'web2' && command === 'check' && ill ? [1, 'ill'] : [0, ''];
      };
      const { serving, restartSteps, world } = stand.provoked;
      const unwell = await unwellHosts(serving, restartSteps, world);
      expect([...unwell]).to.deep.equal(['web2']);
      const state = new Soundness(true, unwell);
      expect((await provoked(RESTART, state)).repaired).to.deep.equal(['web2']);
      expect((await provoked(RESTART, state)).repaired).to.deep.equal([]);
    });

    it('tells that it has repaired the site, and is stood then', async () => {
      let ill = true;
      stand.hosts = (_, command) => {
        if (command === 'start') ill = false;
        return [0, ''];
      };
      stand.site = () => (ill ? [503, 'later'] : [200, 'welcome']);
      const result = await provoked(RESTART, new Soundness(false, new Set()));
      expect(result).to.include({ held: true });
      expect(result.repaired).to.deep.equal(['site']);
    });

    it('has not repaired a site of which one walk in a few still fails', async () => {
      let asked = 0;
      stand.site = () => {
        asked += 1;
        return asked % 4 === 0 ? [500, 'unlucky'] : [200, 'welcome'];
      };
      expect((await provoked(RESTART, new Soundness(false, new Set()))).repaired).to.deep.equal([]);
    });
  });

  describe('a failover', () => {
    const FAILOVER: Act = { kind: 'failover' };
    let primary = 'db1';
    beforeEach(() => {
      primary = 'db1';
      stand.hosts = (host, command) => {
        if (command === 'take-over') primary = host;
        return command.includes('read_only') ? [0, host === primary ? '0' : '1'] : [0, ''];
      };
    });

    it('goes to the replica and back to the primary, and asks both for their health', async () => {
      expect(await provoked(FAILOVER)).to.include({ held: true });
      expect(stand.asked.slice(2)).to.deep.equal([
        'db2 take-over',
        'db2 check',
        'db1 check',
        'db1 take-over',
        'db1 check',
        'db2 check',
      ]);
    });

    it('fails where the replica cannot take over, and leaves the primary to take writes', async () => {
      stand.hosts = (host, command) =>
        command === 'take-over' ? [1, 'behind'] : [0, host === primary ? '0' : '1'];
      const result = await provoked(FAILOVER);
      expect(result).to.include({ held: false, carriedOut: true });
      expect(result.reason).to.include('behind');
      expect(stand.asked.slice(2)).to.deep.equal([
        'db2 take-over',
        'db1 take-over',
        'db1 stop',
        'db1 start',
        'db1 check',
      ]);
    });

    it('goes back where users are not served by the replica, and tells of it', async () => {
      stand.site = () => (primary === 'db1' ? [200, 'welcome'] : [500, 'read-only']);
      expect(await provoked(FAILOVER)).to.include({ held: false, carriedOut: true });
      expect(primary).to.equal('db1');
    }).timeout(15_000);
  });

  it('waits for the site after a visit that failed, so that the next provocation does not meet what is left of it', async () => {
    let walks = 0;
    stand.site = (path) => {
      if (path === '/visit') return [503, 'busy'];
      walks += 1;
      return walks < 3 ? [503, 'busy'] : [200, 'welcome'];
    };
    expect(await provoked({ kind: 'exchanges', ...VISIT })).to.include({ held: false, carriedOut: true });
    expect(walks).to.equal(3);
  });

  it('is followed by walks that meet what is wrong on one host of two', async () => {
    expect(await walk('afterwards', stand.provoked)).to.include({ name: 'afterwards', held: true });
    let asked = 0;
    stand.site = () => {
      asked += 1;
      return asked % 2 === 0 ? [500, 'unlucky'] : [200, 'welcome'];
    };
    const result = await walk('afterwards', { ...stand.provoked, world: hurried() });
    expect(result).to.include({ held: false, carriedOut: true });
    expect(result.activationMs).to.be.a('number');
  });

  it('has time to recover from what is met afterwards only, as from any provocation, and none before them', async () => {
    for (const [name, held] of [
      ['unprovoked', false],
      ['afterwards', true],
    ] as const) {
      let broken = 4;
      stand.site = () => (broken-- > 0 ? [500, 'ECONNRESET'] : [200, 'welcome']);
      const result = await walk(name, stand.provoked);
      expect(result).to.include({ name, held });
      expect(result.activationMs === null).to.equal(held);
    }
  });

  it('repairs nothing by only being visited', async () => {
    const result = await provoked({ kind: 'exchanges', ...VISIT }, new Soundness(false, new Set()));
    expect(result).to.include({ held: true });
    expect(result.repaired).to.deep.equal([]);
  });
});
