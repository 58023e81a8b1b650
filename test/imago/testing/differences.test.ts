import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import type { DeclaredDifference } from '../../../harness/contract/difference.ts';
import { readDifferences, writeDifferences } from '../../../harness/imago/testing/answer-difference.ts';
import { readDocument } from '../../../harness/imago/testing/document.ts';
import { type Field, readAnswer, readLiveRequest } from '../../../harness/imago/testing/raw-message.ts';
import { parseBody } from '../../../harness/imago/testing/tree.ts';
import { treeDifferences } from '../../../harness/imago/testing/tree-difference.ts';

const html = (body: string, status = 200, fields: readonly Field[] = []) =>
  readDocument(
    { status, fields: [['content-type', 'text/html'], ...fields], body: Buffer.from(body) },
    'shop.test',
    'sid=1',
  );
const between = (old: string, fresh: string, declared: readonly DeclaredDifference[] = []) =>
  readDifferences(html(old), html(fresh), { declared, volatile: new Set() }).map(({ detail }) => detail);
const every = { routes: ['*'], reason: 'a test' };
const row = (id: number, price = '1.00') =>
  `<tr><td><a href="/i?id=${id}">i${id}</a></td><td>${price}</td></tr>`;

describe('differences between two answers', () => {
  it('are told by place and row, whatever else has moved', () => {
    const list = (...rows: string[]) => `<table>${rows.join('')}</table>`;
    expect(between(list(row(1), row(2), row(3)), list(row(9), row(1), row(2, '2.00')))).to.deep.equal([
      'html/body/table/tbody/tr/td:2#text: "1.00" became "2.00"',
      'html/body/table/tbody: without <tr><td><a href="/i?id=3">"i3"</></><td>"1.00"</></>',
      'html/body/table/tbody: has also <tr><td><a href="/i?id=9">"i9"</></><td>"1.00"</></>',
    ]);
    expect(between('<p  class=a>x\n y</p>', '<p class="a">x y</p>'), 'white space').to.deep.equal([]);
    expect(between(list(row(1), row(2)), list(row(2), row(1)))[0]).to.match(/another order/);
  });

  it('are none exactly if both trees are equal', () => {
    const pieces = ['<p>a</p>', '<ul><li>1<li>2</ul>', '<a href="/x">x</a>', '<b id=c>d</b>', 'text'];
    const page = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(page, page, (one, other) => {
        const [left, right] = [one, other].map((text) => parseBody(Buffer.from(text), 'text/html'));
        if (left === undefined || right === undefined) throw new Error('no trees');
        expect(treeDifferences(left, right).length === 0).to.equal(left.text === right.text);
      }),
    );
  });

  it('leave out a column and elements that are declared, and nothing more', () => {
    const old = `<table><tr><th>Item<th>Price</tr>${row(1)}</table><hr><address>Server 1.0</address>`;
    const fresh = `<table><tr><th>Item<th>Price<th>Last</tr>${row(1).replace('</tr>', '<td>7</tr>')}</table>`;
    const declared: readonly DeclaredDifference[] = [
      { ...every, kind: 'column', heading: 'Last' },
      { ...every, kind: 'element', place: 'html/body/hr', only: 'old' },
      { ...every, kind: 'element', place: 'html/body/address', only: 'old' },
    ];
    expect(between(old, fresh, declared)).to.deep.equal([]);
    expect(between(old, fresh)).to.not.be.empty;
    expect(between(old, fresh.replace('i1', 'j1'), declared)).to.have.lengthOf(1);
  });

  it('of JSON are told by place, of other types by content', () => {
    const of = (type: string, old: string, fresh: string) =>
      treeDifferences(parseBody(Buffer.from(old), type), parseBody(Buffer.from(fresh), type));
    expect(of('application/json', '{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}')).to.deep.equal([]);
    expect(of('application/json', '{"a":{"b":1}}', '{"a":{"b":2}}')[0]?.place).to.equal(
      'json/value/a/b#text',
    );
    expect(of('image/png', 'a', 'b')).to.have.lengthOf(1);
    expect(of('image/png', 'a', 'a')).to.deep.equal([]);
  });

  it('of headers are those that matter, with locations and cookies by name', () => {
    const fields = (...more: Field[]) => html('', 302, [['date', String(Math.PI)], ...more]);
    const known = { declared: [], volatile: new Set<string>() };
    const one = fields(['location', 'https://shop.test/a'], ['set-cookie', 'sid=1; Secure'], ['server', 'x']);
    expect(readDifferences(one, fields(['location', '/a'], ['server', 'y']), known)).to.deep.equal([]);
    expect(readDifferences(one, fields(['location', 'https://other.test/a']), known)).to.have.lengthOf(1);
    const another = fields(['location', '/a'], ['set-cookie', 'tracker=1']);
    expect(readDifferences(one, another, known)[0]?.detail).to.equal('set-cookie: none became "tracker"');
  });

  it('of writes are those of the page, not of its data', () => {
    const known = { declared: [], volatile: new Set<string>() };
    const stored = (id: number, title = 'Stored') =>
      html(`<body data-page="Store" data-id="${id}"><h1>${title}</h1><table>${row(id)}</table>`);
    expect(writeDifferences(stored(1), stored(20), known)).to.deep.equal([]);
    expect(writeDifferences(stored(1), stored(1, 'Refused'), known)).to.not.be.empty;
    expect(writeDifferences(html('', 200), html('', 204), known), 'class of status').to.deep.equal([]);
    expect(writeDifferences(html('', 200), html('', 500), known)).to.have.lengthOf(1);
  });
});

describe('messages as the mirror tells them', () => {
  it('are read with chunks and compression taken away', () => {
    const body = gzipSync('hello');
    const chunk = (piece: Buffer) => [
      Buffer.from(`${piece.length.toString(16)}\r\n`),
      piece,
      Buffer.from('\r\n'),
    ];
    const chunked = Buffer.concat([
      ...chunk(body.subarray(0, 5)),
      ...chunk(body.subarray(5)),
      Buffer.from('0\r\n\r\n'),
    ]);
    const headers = 'Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n';
    expect(readAnswer(200, headers, chunked).body?.toString()).to.equal('hello');
    expect(() => readAnswer(200, headers, chunked.subarray(0, 9))).to.throw('no chunk at byte');
  });

  it('are repeated without what is about one connection or a stored answer', () => {
    const head =
      'Host: a\r\nCookie: sid=1\r\nIf-None-Match: "1"\r\nRange: bytes=0-1\r\nContent-Length: 3\r\n\r\n';
    expect(readLiveRequest('POST /x?y=1 HTTP/1.1\r\n', head, Buffer.from('a=b'))).to.deep.equal({
      ...{ method: 'POST', target: '/x?y=1', fields: [['cookie', 'sid=1']], body: Buffer.from('a=b') },
    });
    expect(() => readLiveRequest('nonsense', '', Buffer.alloc(0))).to.throw('no request line');
  });
});
