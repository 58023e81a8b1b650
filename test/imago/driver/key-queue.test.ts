import { expect } from 'chai';
import fc from 'fast-check';
import { KeyQueue } from '../../../harness/imago/driver/key-queue.ts';
import type { AsOf } from '../../../harness/imago/driver/log-position.ts';

describe('driver: key queue', () => {
  it('keeps no key that a later chunk will read, and says so', () => {
    const queue = new KeyQueue();
    expect(queue.touch(1n, 0, 10)).to.equal(false);
    queue.beginReading(100n);
    expect(queue.touch(100n, 0, 10)).to.equal(true);
    expect(queue.touch(101n, 0, 10)).to.equal(false);
    queue.beginReading('all');
    expect(queue.touch(10n ** 19n, 0, 10)).to.equal(true);
  });

  it('tells what a chunk must see: what was passed over before it, and not what is beyond it', () => {
    const queue = new KeyQueue();
    expect(queue.beginReading(100n)).to.equal(0);
    queue.touch(150n, 0, 10);
    queue.touch(50n, 10, 20);
    queue.touch(900n, 20, 30);
    expect(queue.beginReading(200n)).to.equal(30);
    queue.touch(901n, 30, 40);
    expect(queue.beginReading(300n)).to.equal(40);
  });

  it('hands out a key of a chunk under way only once the chunk is written', () => {
    const queue = new KeyQueue();
    queue.beginReading(100n);
    queue.touch(50n, 0, 10);
    expect(queue.ready(10).keys).to.deep.equal([]);
    queue.endWriting(100n);
    expect(queue.ready(10)).to.deep.equal({ keys: [50n], until: 10 });
  });

  it('keeps a key pending that was touched after the place that was read', () => {
    const queue = copied();
    queue.touch(5n, 0, 10);
    queue.touch(5n, 10, 20);
    queue.applied([5n], at(15));
    expect(queue.pendingCount).to.equal(1);
    queue.applied([5n], at(20));
    expect(queue.pendingCount).to.equal(0);
  });

  it('keeps a key of a chunk under way pending, though it had to be put again before', () => {
    const queue = new KeyQueue();
    queue.beginReading(100n);
    queue.touch(50n, 0, 10);
    queue.applied([50n], at(20));
    expect(queue.oldestWithout(new Set([50n]), 20)).to.equal(0);
    queue.endWriting(100n);
    expect(queue.ready(10)).to.deep.equal({ keys: [50n], until: 10 });
    queue.applied([50n], at(20));
    expect(queue.pendingCount).to.equal(0);
  });

  it('remembers the oldest place from which changes are not applied', () => {
    const queue = copied();
    queue.touch(1n, 100, 110);
    queue.touch(2n, 110, 120);
    queue.touch(1n, 120, 130);
    expect(queue.oldest).to.equal(100);
    expect(queue.oldestWithout(new Set([1n]), 130)).to.equal(110);
    expect(queue.oldestWithout(new Set([1n, 2n]), 125)).to.equal(100);
    expect(queue.oldestWithout(new Set([1n, 2n]), 130)).to.equal(undefined);
  });

  it('forgets a dirty key only if what was found equal is what was written, and nothing is pending', () => {
    const queue = copied();
    queue.touch(1n, 0, 10);
    queue.applied([1n], at(20));
    expect(queue.foundEqual([1n, 2n], 19)).to.deep.equal([]);
    queue.touch(1n, 20, 30);
    expect(queue.foundEqual([1n], 25)).to.deep.equal([]);
    queue.applied([1n], at(30));
    expect(queue.foundEqual([1n], 30)).to.deep.equal([1n]);
    expect(queue.dirtyCount).to.equal(0);
  });

  it('takes what is not known of rows for the worst: too old to end waiting, too new to have been compared', () => {
    const queue = copied();
    queue.touch(1n, 0, 10);
    queue.applied([1n], { seen: 9, latest: 20 });
    expect(queue.pendingCount).to.equal(1);
    queue.applied([1n], { seen: 10, latest: 20 });
    expect(queue.pendingCount).to.equal(0);
    expect(queue.foundEqual([1n], 19)).to.deep.equal([]);
    expect(queue.foundEqual([1n], 20)).to.deep.equal([1n]);
  });

  it('loses no change, in whatever order things happen', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('touch' as const), key: fc.integer({ min: 1, max: 20 }) }),
      fc.record({
        kind: fc.constant('apply' as const),
        limit: fc.integer({ min: 1, max: 5 }),
        inTheWay: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 2 }),
      }),
      fc.record({ kind: fc.constant('chunk' as const), rows: fc.integer({ min: 1, max: 8 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const old = new Map<bigint, number>();
        const target = new Map<bigint, number>();
        const queue = new KeyQueue();
        let log = 0;
        let chunk: { from: bigint; to: bigint; rows: Map<bigint, number> } | undefined;
        let high = 0n;
        const apply = (limit: number, inTheWay: readonly number[] = []): void => {
          const keys = [...queue.ready(limit).keys, ...inTheWay.map(BigInt)];
          for (const key of keys) {
            const row = old.get(key);
            if (row !== undefined && queue.isCopied(key)) target.set(key, row);
            else target.delete(key);
          }
          queue.applied(keys, at(log));
        };
        const endChunk = (): void => {
          for (const [key, value] of chunk?.rows ?? []) target.set(key, value);
          if (chunk !== undefined) queue.endWriting(chunk.to);
          chunk = undefined;
        };
        for (const each of steps) {
          if (each.kind === 'touch') {
            log += 1;
            old.set(BigInt(each.key), log);
            queue.touch(BigInt(each.key), log - 1, log);
          } else if (each.kind === 'apply') {
            apply(each.limit, each.inTheWay);
          } else {
            endChunk();
            const to = high + BigInt(each.rows);
            queue.beginReading(to);
            chunk = { from: high, to, rows: new Map([...old].filter(([key]) => key > high && key <= to)) };
            high = to;
          }
        }
        endChunk();
        queue.beginReading('all');
        for (const [key, value] of old) if (key > high) target.set(key, value);
        queue.endWriting('all');
        while (queue.pendingCount > 0) apply(3);
        expect(target).to.deep.equal(new Map([...target.keys()].map((key) => [key, old.get(key)])));
        expect([...old.keys()].every((key) => target.has(key))).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

function copied(): KeyQueue {
  const queue = new KeyQueue();
  queue.beginReading('all');
  queue.endWriting('all');
  return queue;
}

/** Rows of which is known exactly how recent they are. */
function at(place: number): AsOf {
  return { seen: place, latest: place };
}
