import { expect } from 'chai';
import fc from 'fast-check';
import { BodyReader } from '../../harness/imago/ingress/body.ts';
import { MalformedMessage } from '../../harness/imago/ingress/fields.ts';
import { CHUNKED, readRequestHead, UNTIL_CLOSE } from '../../harness/imago/ingress/head.ts';

/** Feeds bytes in pieces; tells where the body ended, counted from the first byte, or -1. */
function endOf(reader: BodyReader, bytes: Uint8Array, cuts: readonly number[]): number {
  let at = 0;
  for (const cut of [...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    const end = reader.take(bytes.subarray(at, cut));
    if (end >= 0) {
      return at + end;
    }
    at = cut;
  }
  return -1;
}

const chunk = fc.record({
  data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  extension: fc.constantFrom('', ';a', ';name="v"'),
  upper: fc.boolean(),
});

describe('message framing', () => {
  it('finds the end of a chunked body, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 6 }),
        fc.constantFrom('', 'X: 1\r\n', 'X: 1\r\nY: 2\r\n'),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        (chunks, trailers, cuts, behind) => {
          const parts = chunks.flatMap(({ data, extension, upper }) => {
            const size = data.length.toString(16);
            return [
              Buffer.from(`${upper ? size.toUpperCase() : size}${extension}\r\n`),
              data,
              Buffer.from('\r\n'),
            ];
          });
          const body = Buffer.concat([...parts, Buffer.from(`0\r\n${trailers}\r\n`)]);
          const end = endOf(new BodyReader(CHUNKED), Buffer.concat([body, behind]), cuts);
          expect(end).to.equal(body.length);
          expect(endOf(new BodyReader(CHUNKED), body.subarray(0, -1), cuts)).to.equal(-1);
        },
      ),
    );
  });

  it('counts a body of a known length, however it is cut', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(20), fc.array(fc.nat(), { maxLength: 5 }), (length, behind, cuts) => {
        const bytes = new Uint8Array(length + behind);
        expect(endOf(new BodyReader(length), bytes, cuts)).to.equal(length);
        expect(endOf(new BodyReader(length + behind + 1), bytes, cuts)).to.equal(-1);
        expect(endOf(new BodyReader(UNTIL_CLOSE), bytes, cuts)).to.equal(-1);
      }),
    );
  });

  for (const bytes of [
    '\r\n',
    'g\r\n',
    '-1\r\n',
    '1\nab',
    '1\r\nab',
    '1 \r\na',
    '123456789abc\r\n',
    '0\r\nX: 1\n\r\n',
    '0\r\n\rx',
  ]) {
    it(`refuses the chunks ${JSON.stringify(bytes)}`, () => {
      expect(() => new BodyReader(CHUNKED).take(Buffer.from(bytes))).to.throw(MalformedMessage);
    });
  }

  it('reads any head as a request or refuses it, and never passes on what would be read as two', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'Content-Length: 3',
        'content-length:4',
        'Transfer-Encoding: chunked',
        'Host: a',
        'X: 1',
      ),
      fc.constantFrom('Connection: close', 'Connection: x, keep-alive', 'Content-Length : 3', ' folded', ''),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const head = `POST / HTTP/1.1\r\n${lines.map((text) => `${text}\r\n`).join('')}\r\n`;
        let fields: string;
        try {
          fields = readRequestHead(head).fields;
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedMessage);
          return;
        }
        expect(fields.match(/^(content-length|transfer-encoding)[^:]*:/gim) ?? []).to.have.length.below(2);
        expect(fields.indexOf('\r\n\r\n') + 4).to.be.oneOf([fields.length, 3]);
        expect(fields).not.to.match(/^host|^(?!\r\n)[^:\r\n]*\r\n/im);
      }),
      { numRuns: 1_000 },
    );
  });
});
