import { expect } from 'chai';
import fc from 'fast-check';
import { decodeReach, encodeReach } from '../../../harness/imago/driver/checkpoint.ts';
import { positionOf, rankOf } from '../../../harness/imago/driver/log-position.ts';
import { literal, sourceCanon, targetCanon } from '../../../harness/imago/driver/row-text.ts';
import {
  among,
  chunkStatement,
  cutStatement,
  rowsStatement,
  type TablePlan,
  targetChecksumStatement,
  within,
  writtenChunkStatement,
} from '../../../harness/imago/driver/statements.ts';

const INTEGER = { kind: 'integer', unsigned: false } as const;
const PLAN: TablePlan = {
  name: 'items',
  target: 'items',
  columns: ['id', 'cents'],
  key: 'id',
  targetTypes: [INTEGER, INTEGER],
  rowBytes: 100,
  bytes: 10_000,
  uniqueKeys: [],
  sources: ['items', 'old_items'].map((table) => ({
    table,
    key: 'id',
    select: `SELECT s.id, ROUND(s.price * 100) FROM ${table} s`,
    types: [
      { kind: 'integer', digits: 0 },
      { kind: 'double', digits: 0 },
    ],
  })),
};

describe('driver: statements', () => {
  it('reads a chunk of every source in one statement, in the range asked for', () => {
    const statement = chunkStatement(PLAN, { low: 10n, high: 20n });
    expect(statement).to.include('FROM items s WHERE s.`id` > 10 AND s.`id` <= 20)');
    expect(statement).to.include('FROM old_items s WHERE s.`id` > 10 AND s.`id` <= 20)');
    expect(statement.match(/GROUP_CONCAT/g)).to.have.length(2);
    expect(statement).to.not.include(';');
  });

  it('takes one digest of a chunk whose rows have one order, and else of each row, on both sides alike', () => {
    const single = { ...PLAN, sources: PLAN.sources.slice(0, 1) };
    for (const statement of [chunkStatement(single, {}), writtenChunkStatement(single, {})]) {
      expect(statement).to.include("MD5(GROUP_CONCAT('(',").and.not.include('BIT_XOR');
    }
    for (const statement of [chunkStatement(PLAN, {}), writtenChunkStatement(PLAN, {})]) {
      expect(statement).to.include('BIT_XOR(').and.not.include('MD5(GROUP_CONCAT');
    }
  });

  it('ends a chunk at the same key over all sources', () => {
    expect(cutStatement(PLAN, 7n, 50)).to.equal(
      'SELECT MAX(k) k, COUNT(*) n FROM (SELECT k FROM ((SELECT `id` k FROM `items` WHERE `id` > 7 ORDER BY `id` LIMIT 50)' +
        ' UNION ALL (SELECT `id` k FROM `old_items` WHERE `id` > 7 ORDER BY `id` LIMIT 50)) u ORDER BY k LIMIT 50) c',
    );
  });

  it('reads rows by their keys, and none for no keys', () => {
    expect(rowsStatement(PLAN, [3n, 5n])).to.include('WHERE s.`id` IN (3,5)');
    expect(among('k', [])).to.equal('FALSE');
    expect(within('k', {})).to.equal('TRUE');
  });

  it('quotes names of tables and columns', () => {
    const odd = { ...PLAN, target: 'a`b', key: 'order', columns: ['order', 'group'] };
    expect(targetChecksumStatement(odd, { low: 1n })).to.include('FROM `a``b` WHERE `order` > 1');
  });

  it('never clips a value while it writes it: that is for the strict target to refuse', () => {
    for (const kind of ['integer', 'text', 'double', 'year'] as const) {
      expect(literal('c0', { kind, digits: 0 }, INTEGER)).to.not.match(/CAST(?!\(c0 AS CHAR)/);
    }
  });

  it('prints all digits of a FLOAT, and reads both sides alike', () => {
    const float = { kind: 'float' } as const;
    expect(literal('c0', { kind: 'float', digits: 0 }, float)).to.equal(
      "IFNULL(CAST(c0 + 0e0 AS CHAR(64)), 'NULL')",
    );
    expect(sourceCanon('c0', { kind: 'float', digits: 0 }, float)).to.equal(targetCanon('c0', float));
  });

  it('shows a fraction that a whole number would round away', () => {
    expect(sourceCanon('c0', { kind: 'double', digits: 0 }, INTEGER)).to.include('IF(c0 = ROUND(c0)');
  });
});

describe('driver: checkpoint and log positions', () => {
  it('reads back what it wrote', () => {
    for (const reach of ['none', 'all', 0n, -5n, 2n ** 64n - 1n] as const) {
      expect(decodeReach(encodeReach(reach))).to.equal(reach);
    }
    expect(() => decodeReach('12x')).to.throw('12x');
  });

  it('orders positions as the log does, and gives them back', () => {
    const place = fc.record({ number: fc.nat(999_999), position: fc.nat(4_294_967_295) });
    fc.assert(
      fc.property(place, place, (one, other) => {
        const [a, b] = [one, other].map(({ number, position }) => ({
          file: `mariadb-bin.${String(number).padStart(6, '0')}`,
          position,
        })) as [{ file: string; position: number }, { file: string; position: number }];
        expect(positionOf(rankOf(a), 'mariadb-bin.000001')).to.deep.equal(a);
        const isBefore =
          one.number < other.number || (one.number === other.number && one.position < other.position);
        expect(rankOf(a) < rankOf(b)).to.equal(isBefore);
      }),
    );
    expect(() => rankOf({ file: 'binlog', position: 4 })).to.throw('ends in a number');
  });
});
