/** Positive controls on the interceptor itself, with a stub for the system: what is done, and whether it is believed. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Reading } from '../../harness/contract/observation.ts';
import type { PlannedDisturbance } from '../../harness/contract/plan.ts';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import type { IngressControl } from '../../harness/imago/ingress-control.ts';
import { confirmFaults, injectionOf } from '../../harness/observation/confirmation.ts';
import {
  confirmableDisturbance,
  type DisturbanceCounts,
  readingId,
} from '../../harness/observation/disturbance-evidence.ts';
import { disturbanceNamed } from '../../harness/plan/disturbances.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { Disturber } from '../../harness/trial/disturber.ts';
import { DisturbanceRecord } from '../../results/disturbance.ts';
import { type Origin, RawClient, startOrigin } from '../imago/origin.ts';

const NAMES = ['positive@latency:2x', 'positive@errors:10%', 'positive@outage:5s', 'positive@outage:3s'];
/** A client's requests follow each other at this distance at least, ms. */
const EVERY_MS = 10;

describe('disturber', () => {
  let authority: Authority;
  let ingress: Ingress;
  let origin: Origin;
  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
    origin = await startOrigin(authority, (_, response) => void setTimeout(() => response.end('served'), 10));
    ingress.setUpstream(origin.address);
  });
  afterEach(async () => {
    await ingress.close();
    await origin.close();
  });
  const control = (): Pick<IngressControl, 'status' | 'disturb'> => ({
    status: async () => ingress.status(),
    disturb: async (request) => ingress.disturb(request),
  });

  interface Asked {
    readonly name: string;
    readonly disturbance?: PlannedDisturbance;
    readonly shams?: string[];
  }

  /** The disturber of a trial, and what it tells. */
  function disturberOf(asked: Asked, horizonS: number, told = control()) {
    const readings: Reading[] = [];
    const notes: string[] = [];
    const startNs = process.hrtime.bigint();
    const nowMs = () => Number(process.hrtime.bigint() - startNs) / 1e6;
    const disturber = new Disturber(
      {
        fault: { name: asked.name } as never,
        windows: { horizonS } as never,
        shams: asked.shams ?? [],
        ...(asked.disturbance === undefined ? {} : { disturbance: asked.disturbance }),
      },
      {
        ingress: told,
        timeline: { reading: (one) => void readings.push(one), note: (_, text) => void notes.push(text) },
        nowMs,
      },
    );
    return { disturber, readings, notes, nowMs };
  }

  /** A trial's horizon, with one client. */
  async function horizon(asked: Asked, horizonS: number, told = control()) {
    const { disturber, readings, notes, nowMs } = disturberOf(asked, horizonS, told);
    const client = new RawClient(ingress.port);
    disturber.begin();
    while (nowMs() < horizonS * 1000) {
      client.received = '';
      await client.get('/').until('\r\n\r\n');
      await delay(EVERY_MS);
    }
    const record = await disturber.end();
    client.received = '';
    await client.get('/').until('served');
    client.socket.destroy();
    return { record, readings, notes };
  }

  /** What the readings say of a name, with a rate at which one request's distance is nothing. */
  const verdictOf = (name: string, readings: readonly Reading[]) => {
    const confirmable = confirmableDisturbance(name, disturbanceNamed(name) ?? never(name), 1_000);
    return confirmFaults([confirmable], readings, [])[0]?.evidence;
  };

  it('refuses a share of the horizon’s requests, as the interceptor’s counts show', async () => {
    const disturbance = { kind: 'errors', size: 0.1, atS: 0, forS: 1 } as const;
    const { record, readings } = await horizon({ name: 'positive@errors:10%', disturbance }, 1);
    expect(DisturbanceRecord.parse(record)).to.deep.equal(record);
    expect(record).to.include({ kind: 'errors', size: 0.1, forS: 1 });
    const { counted } = record ?? {};
    const { met } = ingress.status().disturbance;
    expect(counted?.refused)
      .to.equal(Math.floor(met / 10))
      .and.to.be.above(0);
    // The first is sent before the interceptor is told, the last perhaps when all is over.
    expect(counted?.arrived).to.be.within(met, met + 2);
    expect(counted?.longestRefusalMs).to.equal(0);
    expect(readings.map(({ stepId, fault, host }) => [stepId, fault, host])).to.deep.equal(
      ['begin', 'end'].map((label) => [
        `observe/positive@errors:10%/${label}`,
        ...['positive@errors:10%', 'ingress'],
      ]),
    );
  });

  it('doubles latency over the whole horizon, and leaves the time behind it alone', async () => {
    const disturbance = { kind: 'latency', size: 2, atS: 0, forS: 30 } as const;
    const { record, notes } = await horizon({ name: 'positive@latency:2x', disturbance }, 1);
    const { withheld = 0, answered = 0, tookMs = 0, withheldMs = 0 } = record?.counted ?? {};
    // The first is sent before the interceptor is told, the last perhaps when all is over.
    expect(withheld).to.be.within(Math.max(1, answered - 2), answered);
    // Timers know whole milliseconds, of some ten.
    expect(withheldMs / tookMs).to.be.above(0.7);
    expect(notes).to.deep.equal(['the ingress disturbs requests: positive@latency:2x']);
    expect(ingress.status().disturbance.running).to.equal(false);
  });

  it('makes an outage at the moment planned, and not before', async () => {
    const disturbance = { kind: 'outage', size: 0.4, atS: 0.3, forS: 0.4 } as const;
    const { record } = await horizon({ name: 'positive@outage:0.4s', disturbance }, 1);
    expect(record?.atMs).to.be.above(200);
    expect(record?.counted?.refused).to.be.above(1);
    expect(record?.counted?.longestRefusalMs).to.be.within(1, 400);
    expect(record?.counted?.answered).to.be.above(0);
  });

  it('finds nothing on a control, read in the same way', async () => {
    const { record, readings, notes } = await horizon(
      { name: 'none', shams: ['start-omitted', ...NAMES] },
      0.3,
    );
    expect(record).to.equal(null);
    expect(notes).to.deep.equal([]);
    expect(readings).to.have.length(2 * NAMES.length);
    for (const name of NAMES) expect(verdictOf(name, readings)?.verdict, name).to.equal('not-found');
    expect(verdictOf('positive@outage:5s', readings)?.summary).to.match(
      /^0 of \d+ requests refused, for 0\.00 s without one let through between$/,
    );
  });

  it('does nothing and reads nothing where no positive control is asked for', async () => {
    const { record, readings, notes } = await horizon(
      { name: 'apache-port', shams: ['start-omitted'] },
      0.05,
    );
    expect({ record, readings, notes }).to.deep.equal({ record: null, readings: [], notes: [] });
  });

  for (const [name, ineffective] of [
    ['positive@errors:10%', { status: true, disturb: 'accepted' }],
    ['positive@latency:2x', { status: true, disturb: 'accepted' }],
    ['positive@outage:5s', { status: true, disturb: 'refused' }],
    ['positive@errors:10%', { status: false, disturb: 'accepted' }],
  ] as const)
    it(`has no evidence where nothing is done: ${name}, ${JSON.stringify(ineffective)}`, async () => {
      const { kind, size } = disturbanceNamed(name) ?? never(name);
      const told: Pick<IngressControl, 'status' | 'disturb'> = {
        status: async () => {
          if (!ineffective.status) throw new Error('ingress status: the command channel ended');
          return ingress.status();
        },
        disturb: async () => {
          if (ineffective.disturb === 'refused') throw new Error('ingress disturb: no reply');
          return ingress.status().disturbance;
        },
      };
      const disturbance = { kind, size, atS: 0, forS: 0.3 };
      const { record, readings, notes } = await horizon({ name, disturbance }, 0.3, told);
      const evidence = verdictOf(name, readings);
      expect(evidence?.verdict).to.equal(ineffective.status ? 'not-found' : 'unreadable');
      const found = [{ fault: name, evidence: evidence ?? never(name) }];
      const injection = injectionOf({ edited: [], upgrade: [] }, [], found);
      expect(injection).to.include({ outcome: 'not-injected' });
      expect(record?.atMs === null).to.equal(ineffective.disturb === 'refused');
      expect(record?.counted === null).to.equal(!ineffective.status);
      if (ineffective.disturb === 'refused') expect(notes).to.deep.equal(['ingress disturb: no reply']);
      if (!ineffective.status) expect(evidence?.summary).to.contain('the command channel ended');
    });

  it('stops what has not begun', async () => {
    const disturbance = { kind: 'outage', size: 0.1, atS: 0.05, forS: 0.1 } as const;
    const { disturber, notes } = disturberOf({ name: 'positive@outage:0.1s', disturbance }, 1);
    disturber.begin();
    const record = await disturber.end();
    // Well behind the moment at which it would have begun.
    await delay(150);
    expect(notes).to.deep.equal([]);
    expect(record).to.include({ atMs: null });
    expect(ingress.status().disturbance).to.include({ running: false, met: 0 });
  });
});

describe('evidence of a disturbance', () => {
  const counts = (over: Partial<DisturbanceCounts>): DisturbanceCounts => ({
    ...{ forwarded: 3_000, answered: 3_000, refused: 0, longestRefusalMs: 0 },
    ...{ withheld: 0, tookMs: 0, withheldMs: 0, ...over },
  });
  const BEGIN = counts({ forwarded: 500, answered: 500 });
  const verdict = (name: string, over: Partial<DisturbanceCounts>) => {
    const readings = [BEGIN, counts(over)].map(
      (one, index): Reading => ({
        ...{ stepId: readingId(name, index === 0 ? 'begin' : 'end'), fault: name, universe: 'old' },
        ...{ host: 'ingress', atMs: 0 },
        result: { taken: true, exitCode: 0, stdout: JSON.stringify(one), stderr: '' },
      }),
    );
    const asked = disturbanceNamed(name) ?? never(name);
    return confirmFaults([confirmableDisturbance(name, asked, 150)], readings, [])[0]?.evidence;
  };

  for (const [name, over, expected] of [
    ['positive@errors:10%', { refused: 277 }, 'found'],
    ['positive@errors:10%', { refused: 400 }, 'not-found'],
    ['positive@errors:10%', { refused: 150 }, 'not-found'],
    ['positive@outage:5s', { refused: 740, longestRefusalMs: 4_990 }, 'found'],
    ['positive@outage:5s', { refused: 740, longestRefusalMs: 4_000 }, 'not-found'],
    ['positive@outage:3s', { refused: 740, longestRefusalMs: 4_990 }, 'not-found'],
    ['positive@outage:3s', { refused: 450, longestRefusalMs: 2_985 }, 'found'],
    ['positive@latency:2x', { withheld: 2_480, tookMs: 20_000, withheldMs: 20_400 }, 'found'],
    ['positive@latency:2x', { withheld: 2_000, tookMs: 20_000, withheldMs: 20_400 }, 'not-found'],
    ['positive@latency:2x', { withheld: 2_480, tookMs: 20_000, withheldMs: 12_000 }, 'not-found'],
    ['positive@latency:2x', { withheld: 2_480, tookMs: 20_000, withheldMs: 30_000 }, 'not-found'],
    ['positive@latency:3x', { withheld: 2_480, tookMs: 20_000, withheldMs: 40_400 }, 'found'],
    ['positive@latency:3x', { withheld: 2_480, tookMs: 20_000, withheldMs: 20_400 }, 'not-found'],
    ['positive@latency:2x', { forwarded: 500, answered: 500 }, 'unreadable'],
  ] as const)
    it(`${name} with ${JSON.stringify(over)}: ${expected}`, () => {
      expect(verdict(name, over)?.verdict).to.equal(expected);
    });

  it('tells in numbers what was done', () => {
    expect(verdict('positive@errors:10%', { refused: 277 })).to.deep.include({
      summary: '277 of 2777 requests refused',
      stepIds: ['observe/positive@errors:10%/begin', 'observe/positive@errors:10%/end'],
    });
    expect(verdict('positive@outage:5s', { refused: 740, longestRefusalMs: 4_990 })?.summary).to.equal(
      '740 of 3240 requests refused, for 5.00 s without one let through between',
    );
    expect(
      verdict('positive@latency:2x', { withheld: 2_480, tookMs: 20_000, withheldMs: 20_400 })?.summary,
    ).to.equal('2480 of 2500 answers withheld, until 2.02 times as long as the system took');
  });
});

function never(name: string): never {
  throw new Error(`${name} is no positive control`);
}
