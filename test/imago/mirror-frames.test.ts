import { expect } from 'chai';
import * as fc from 'fast-check';
import { encodeFrame, FrameReader, type MirrorMessage } from '../../harness/imago/mirror-frames.ts';

const latin1 = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const message: fc.Arbitrary<MirrorMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('request' as const),
    number: fc.nat(),
    atMs: fc.nat(),
    requestLine: latin1,
    headers: latin1,
    bodyBytes: fc.nat(),
    truncated: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    number: fc.nat(),
    status: fc.integer({ min: 200, max: 599 }),
    headers: latin1,
    bodyBytes: fc.nat(),
    truncated: fc.boolean(),
    tookMs: fc.nat(),
  }),
  fc.record({ kind: fc.constant('lost' as const), number: fc.nat(), reason: latin1 }),
);

describe('mirror frames', () => {
  it('are read as they were written, however the bytes are cut', () => {
    const frames = fc.array(fc.tuple(message, fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 })));
    fc.assert(
      fc.property(frames, fc.array(fc.nat({ max: 500 })), (written, cuts) => {
        const bytes = Buffer.concat(written.map(([header, parts]) => encodeFrame(header, parts)));
        const read: [MirrorMessage, string][] = [];
        const reader = new FrameReader((header, body) => read.push([header, body.toString('hex')]));
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          const to = Math.min(from + cut, bytes.length);
          reader.take(bytes.subarray(from, to));
          from = to;
        }
        expect(read).to.deep.equal(
          written.map(([header, parts]) => [header, Buffer.concat(parts).toString('hex')]),
        );
        expect(reader.between).to.equal(true);
      }),
    );
  });

  it('tell a frame that is not complete', () => {
    const frame = encodeFrame({ kind: 'lost', number: 1, reason: 'client-left' });
    const reader = new FrameReader(() => {});
    reader.take(frame.subarray(0, 8));
    expect(reader.between).to.equal(false);
  });

  for (const [what, bytes] of [
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a header that is no JSON', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0x7b])],
    ['a header of another kind', Buffer.concat([Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]), Buffer.from('{}')])],
  ] as const) {
    it(`refuse ${what}`, () => {
      expect(() => new FrameReader(() => {}).take(bytes)).to.throw(/^mirror frame: /);
    });
  }
});
