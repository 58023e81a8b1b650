import { expect } from 'chai';
import { parseStreamLine } from '../../harness/workload/k6-stream.ts';
import { lineSplitter, MAX_LINE_CHARACTERS } from '../../harness/workload/line-splitter.ts';

function answerLine(change: { tags?: object; metadata?: object } = {}): string {
  return JSON.stringify({
    metric: 'upfault_answer',
    type: 'Point',
    data: {
      time: '2026-11-23T13:15:25.331867716Z',
      value: 12.5,
      tags: { interaction: 'StoreBid', outcome: 'ok', ...change.tags },
      metadata: { started: '1795439725319', status: '200', ...change.metadata },
    },
  });
}

describe('k6 output is read as a stream', () => {
  it('gives an answer with its write', () => {
    const write = {
      kind: 'bid',
      requestId: 'r1-2-3',
      acknowledged: true,
      fields: { bid: '12.34', note: 'ü\t"' },
    };
    expect(parseStreamLine(answerLine({ metadata: { write: JSON.stringify(write) } }))).to.deep.equal({
      point: 'answer',
      startedWallMs: 1795439725319,
      recordedWallMs: 1795439725331,
      latencyMs: 12.5,
      interaction: 'StoreBid',
      outcome: 'ok',
      status: 200,
      write,
    });
  });

  it('gives dropped requests and passes over every other metric, even one that is not JSON', () => {
    const line =
      '{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-23T13:15:25Z","value":3,"tags":{}}}';
    expect(parseStreamLine(line)).to.deep.equal({ point: 'dropped', atWallMs: 1795439725000, count: 3 });
    expect(parseStreamLine('{"metric":"http_reqs","type":"Poi')).to.equal(undefined);
  });

  it('refuses answers that are not as agreed, naming what was seen', () => {
    expect(() => parseStreamLine(answerLine({ tags: { outcome: 'fine' } }))).to.throw(/outcome .*fine/s);
    expect(() => parseStreamLine(answerLine({ metadata: { started: 'soon' } }))).to.throw(/started/);
    expect(() => parseStreamLine(answerLine({ metadata: { write: '{"kind":"bid"}' } }))).to.throw(
      /requestId/,
    );
    expect(() => parseStreamLine('{"metric":"upfault_answer",')).to.throw(/not JSON/);
  });

  it('puts lines together however the pieces are cut, and refuses one without end', () => {
    const lines: string[] = [];
    const split = lineSplitter((line) => lines.push(line));
    for (const piece of ['ab', 'c\n\nd', 'e\nf']) split(piece);
    expect(lines).to.deep.equal(['abc', '', 'de']);
    expect(() => split('x'.repeat(MAX_LINE_CHARACTERS + 1))).to.throw(/longer than/);
  });
});
