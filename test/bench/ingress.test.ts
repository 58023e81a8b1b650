import { expect } from 'chai';
import { benchTable } from '../../harness/bench/bench.ts';
import { resultOf } from '../../harness/bench/ingress.ts';
import { type Measurement, WAYS, type Way } from '../../harness/bench/ingress-load.ts';
import { coresOf } from '../../harness/bench/ingress-stand.ts';

const measured = (way: Way, perSecond: number, p50Ms: number): Measurement => ({
  way,
  requests: perSecond,
  perSecond,
  p50Ms,
  p95Ms: 2 * p50Ms,
  p99Ms: 3 * p50Ms,
  proxyBusy: way === 'direct' ? null : 0.5,
  otherCores: 0.7,
  dropped: way === 'mirroring' ? 0.01 : null,
});
/** One round; `slow` stretches every time and shrinks every rate. Each round begins with another way. */
const round = (first: number, slow: number) => {
  const order = WAYS.map((_, index) => WAYS[(index + first) % WAYS.length] as Way);
  const rates = { direct: 50_000, haproxy: 40_000, ingress: 30_000, mirroring: 20_000 };
  const p50s = { direct: 0.1, haproxy: 0.25, ingress: 0.3, mirroring: 0.4 };
  return {
    full: order.map((way) => measured(way, rates[way] / slow, 1)),
    steady: order.map((way) => measured(way, 200, p50s[way] * slow)),
  };
};

describe('bench ingress', () => {
  const result = resultOf({ cores: coresOf(2) }, [round(0, 1), round(1, 2), round(2, 1)]);
  const figure = (name: string) => {
    const found = result.figures.find((one) => one.figure === name);
    if (found === undefined) {
      throw new Error(`no figure ${name}`);
    }
    return found;
  };

  it('holds requests a second against a share of the peer, by medians over rounds', () => {
    expect(figure('requests/s')).to.deep.include({
      ours: 30_000,
      peer: 40_000,
      limit: 24_000,
      least: 15_000,
      most: 30_000,
    });
    expect(figure('requests/s, mirroring')).to.deep.include({ ours: 20_000, limit: 16_000 });
    expect(figure('requests per CPU second').ours).to.equal(60_000);
  });

  it('takes what is added to the median within each round', () => {
    const added = figure('added to p50 at 200/s');
    expect(added.ours).to.be.closeTo(0.2, 1e-9);
    expect(added.most).to.be.closeTo(0.4, 1e-9);
    expect(added.peer).to.be.closeTo(0.15, 1e-9);
    expect(added.limit).to.equal(0.3);
  });

  it('says what bounds the figures, and what the mirror dropped', () => {
    const table = benchTable(result);
    expect(table).to.include('ingress at full load: the proxy 0.50 of core 0, all else 0.70 cores');
    expect(table).to.include('1.0 % of messages dropped');
  });

  it('wants a core for what is measured', () => {
    expect(() => coresOf(1)).to.throw('1 core: at least 2 are wanted');
    expect(coresOf(4)).to.deep.equal({ measured: '0', origin: '1', load: '2-3' });
  });
});
