/** Random tables, rows, projections and writes, for the driver's property test. */
import fc from 'fast-check';
import type { Projection, ProjectionSource } from '../../../harness/contract/projection.ts';

/** A kind of column: how it is declared on each side, how it is projected, and what values it takes. */
interface Kind {
  readonly old: string;
  readonly new: string;
  readonly project: (column: string) => string;
  /** How a test reads both sides alike, where they print the same number otherwise. */
  readonly read?: { readonly old: (column: string) => string; readonly new: (column: string) => string };
  /** SQL of one value, from a number. */
  readonly value: (n: number) => string;
}

const same = (column: string): string => `s.${column}`;
/** All digits of the double that a FLOAT is, rather than six. */
const exact = { old: (column: string) => `s.${column} + 0e0`, new: (column: string) => `${column} + 0e0` };
const TEXTS = ["''", "'a'", "'NULL'", "'a,b'", "'it''s'", "'\\\\\\\\'", "'\\n'", "'é😀'", "'  x'", "'(1,2)'"];
const text = (n: number): string => TEXTS[n % TEXTS.length] as string;

const KINDS: readonly Kind[] = [
  { old: 'INT', new: 'BIGINT', project: same, value: (n) => String(n - 500) },
  {
    old: 'BIGINT UNSIGNED',
    new: 'BIGINT UNSIGNED',
    project: same,
    value: (n) => `18446744073709551615 - ${n}`,
  },
  { old: 'FLOAT', new: 'BIGINT', project: (c) => `ROUND(s.${c} * 100)`, value: (n) => String(n / 100) },
  { old: 'FLOAT', new: 'FLOAT', project: same, read: exact, value: (n) => `${n} / 7` },
  { old: 'FLOAT', new: 'DOUBLE', project: same, read: exact, value: (n) => `${n} / 3e5` },
  {
    old: 'FLOAT',
    new: 'DECIMAL(12,2)',
    project: same,
    read: { old: (c) => `CAST(ROUND(s.${c} + 0e0, 2) AS DECIMAL(12,2))`, new: (c) => c },
    value: (n) => String(n / 100),
  },
  { old: 'DOUBLE', new: 'DOUBLE', project: same, value: (n) => `${n} / 7e10` },
  { old: 'DECIMAL(10,3)', new: 'DECIMAL(12,4)', project: same, value: (n) => String(n / 1000) },
  { old: 'VARCHAR(20)', new: 'VARCHAR(30)', project: same, value: text },
  {
    old: 'VARCHAR(20) CHARACTER SET latin1',
    new: 'TEXT CHARACTER SET utf8mb4',
    project: same,
    value: (n) => ["'é'", "'x'", "''"][n % 3] as string,
  },
  {
    old: 'TEXT',
    new: 'LONGTEXT COLLATE utf8mb4_bin',
    project: same,
    value: (n) => `REPEAT(${text(n)}, ${n % 40})`,
  },
  {
    old: 'VARBINARY(20)',
    new: 'VARBINARY(20)',
    project: same,
    value: (n) => `UNHEX(LPAD(HEX(${n * 7919}), ${2 * (4 + (n % 7))}, '0'))`,
  },
  { old: 'VARBINARY(4)', new: 'BINARY(6)', project: same, value: (n) => `UNHEX(LPAD(HEX(${n}), 4, '0'))` },
  { old: 'BLOB', new: 'MEDIUMBLOB', project: same, value: (n) => `UNHEX(SHA1(${n}))` },
  { old: 'DATE', new: 'DATETIME', project: same, value: (n) => `'2020-01-01' + INTERVAL ${n} DAY` },
  {
    old: 'DATETIME(3)',
    new: 'DATETIME(6)',
    project: same,
    value: (n) => `'2024-03-31 02:30:00.125' + INTERVAL ${n} MINUTE`,
  },
  {
    old: 'TIMESTAMP NULL',
    new: 'TIMESTAMP NULL',
    project: same,
    value: (n) => `FROM_UNIXTIME(1700000000 + ${n} * 977)`,
  },
  { old: 'TIME(2)', new: 'TIME(2)', project: same, value: (n) => `SEC_TO_TIME(${n} * 13.25)` },
  { old: 'YEAR', new: 'YEAR', project: same, value: (n) => String(1950 + (n % 100)) },
  { old: 'BIT(9)', new: 'BIT(9)', project: same, value: (n) => String(n % 512) },
  { old: "ENUM('a','b','c')", new: 'VARCHAR(5)', project: same, value: (n) => `'${'abc'[n % 3]}'` },
  {
    old: "SET('x','y')",
    new: "SET('x','y','z')",
    project: same,
    value: (n) => ["''", "'x'", "'x,y'"][n % 3] as string,
  },
  { old: 'INT', new: 'TINYINT', project: (c) => `s.${c} > 3`, value: (n) => String(n % 7) },
  { old: 'TINYINT UNSIGNED', new: 'VARCHAR(4)', project: same, value: (n) => String(n % 256) },
];

/** One old table. */
interface OldTable {
  readonly name: string;
  readonly columns: readonly Kind[];
  /** Keys are this much apart, from this one on: sources of one target never meet. */
  readonly step: number;
  readonly first: number;
  readonly rows: number;
  readonly isUnique: boolean;
}

/** A whole system to convert, and what happens to it meanwhile. */
export interface RandomUniverse {
  readonly oldTables: string;
  readonly newTables: string;
  readonly projections: readonly Projection[];
  /** Statements that fill the old tables. */
  readonly rows: readonly string[];
  /** Statements of the live clients, in order. */
  readonly writes: readonly string[];
  /** Statements of tests on U_new. */
  readonly tests: readonly string[];
  /** After how many of the writes the driver is killed. */
  readonly crashes: readonly { readonly writes: number; readonly afterMs: number }[];
  readonly chunkRows: number;
  /** What both sides are to hold in the end: statement on U_old, statement on U_new. */
  readonly checks: readonly { readonly old: string; readonly new: string }[];
}

const kind = fc.constantFrom(...KINDS);
const columns = fc.array(kind, { minLength: 1, maxLength: 5 });
const write = fc.record({
  table: fc.nat(20),
  what: fc.constantFrom('insert', 'update', 'delete', 'swap', 'move', 'many'),
  one: fc.nat(1000),
  other: fc.nat(1000),
});

/** Draws one. */
export const randomUniverse: fc.Arbitrary<RandomUniverse> = fc
  .record({
    groups: fc.array(
      fc.record({
        columns,
        sources: fc.array(fc.record({ rows: fc.integer({ min: 0, max: 400 }), isUnique: fc.boolean() }), {
          minLength: 1,
          maxLength: 2,
        }),
        key: fc.constantFrom('INT', 'BIGINT', 'INT UNSIGNED'),
        isSplit: fc.boolean(),
        isInterleaved: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    writes: fc.array(write, { minLength: 20, maxLength: 150 }),
    tests: fc.array(write, { maxLength: 10 }),
    crashes: fc.array(fc.record({ writes: fc.nat(60), afterMs: fc.nat(60) }), { maxLength: 3 }),
    chunkRows: fc.integer({ min: 5, max: 120 }),
  })
  .map(({ groups, writes, tests, crashes, chunkRows }) => {
    const made = groups.map((group, at) => makeGroup(group, at));
    const olds = made.flatMap((group) => group.olds);
    return {
      oldTables: made.map((group) => group.oldTables).join(';'),
      newTables: made.map((group) => group.newTables).join(';'),
      projections: made.flatMap((group) => group.projections),
      rows: olds.filter(({ rows }) => rows > 0).map(fill),
      writes: writes.map((one) => writeStatement(olds[one.table % olds.length] as OldTable, one)),
      tests: tests.map((one) => testStatement(olds[one.table % olds.length] as OldTable, one)),
      crashes,
      chunkRows,
      checks: made.flatMap((group) => group.checks),
    };
  });

function makeGroup(
  group: {
    columns: readonly Kind[];
    sources: readonly { rows: number; isUnique: boolean }[];
    key: string;
    isSplit: boolean;
    isInterleaved: boolean;
  },
  at: number,
) {
  const olds = group.sources.map(({ rows, isUnique }, source): OldTable => {
    const name = `old${at}_${source}`;
    const apart = group.isInterleaved
      ? { step: 2, first: 1 + source }
      : { step: 1, first: 1 + source * 100_000 };
    return { name, columns: group.columns, rows, isUnique: isUnique && group.sources.length === 1, ...apart };
  });
  const isUnique = olds.every((old) => old.isUnique);
  const declared = (side: 'old' | 'new', unique: boolean): string =>
    [
      `id ${group.key} NOT NULL PRIMARY KEY`,
      ...group.columns.map(
        (column, n) => `c${n} ${column[side]}${/ NULL$/.test(column[side]) ? '' : ' NULL'}`,
      ),
      `u VARCHAR(20) NOT NULL`,
      ...(unique ? ['UNIQUE KEY u (u)'] : []),
    ].join(', ');
  const names = ['id', ...group.columns.map((_, n) => `c${n}`), 'u'];
  const projected = ['s.id', ...group.columns.map((column, n) => column.project(`c${n}`)), 's.u'];
  const target = `new${at}`;
  const projection = (name: string, picked: readonly number[]): Projection => ({
    name,
    target: name,
    key: 'id',
    columns: picked.map((n) => names[n] as string),
    sources: olds.map(
      (old): ProjectionSource => ({
        table: old.name,
        key: 'id',
        select: `SELECT ${picked.map((n) => projected[n]).join(', ')} FROM ${old.name} s`,
      }),
    ),
  });
  const all = names.map((_, n) => n);
  const projections = [
    projection(target, all),
    ...(group.isSplit ? [projection(`${target}_split`, [0, 1])] : []),
  ];
  const newTables = [
    `CREATE TABLE ${target} (${declared('new', isUnique)})`,
    ...(group.isSplit
      ? [
          `CREATE TABLE ${target}_split (id ${group.key} NOT NULL PRIMARY KEY, c0 ${group.columns[0]?.new}${/ NULL$/.test(group.columns[0]?.new ?? '') ? '' : ' NULL'})`,
        ]
      : []),
  ].join(';');
  return {
    olds,
    oldTables: olds.map((old) => `CREATE TABLE ${old.name} (${declared('old', old.isUnique)})`).join(';'),
    newTables,
    projections,
    checks: projections.map(({ target: name, columns: listed }) => ({
      old: olds
        .map((old) => `SELECT ${listed.map((c) => oldReading(old, c)).join(', ')} FROM ${old.name} s`)
        .join(' UNION ALL '),
      new: `SELECT ${listed.map((c) => kindOf(group.columns, c)?.read?.new(c) ?? c).join(', ')} FROM ${name}`,
    })),
  };
}

function kindOf(kinds: readonly Kind[], column: string): Kind | undefined {
  return column.startsWith('c') ? kinds[Number(column.slice(1))] : undefined;
}

function oldReading(old: OldTable, column: string): string {
  const kind = kindOf(old.columns, column);
  return (kind?.read?.old ?? kind?.project ?? same)(column);
}

function fill(old: OldTable): string {
  const rows = Array.from({ length: old.rows }, (_, n) => row(old, old.first + n * old.step, n));
  return `INSERT INTO ${old.name} VALUES ${rows.join(',')}`;
}

function row(old: OldTable, key: number, n: number): string {
  const values = old.columns.map((column, at) =>
    (n + at) % 5 === 0 ? 'NULL' : column.value((n * 31 + at) % 1000),
  );
  return `(${key}, ${values.join(', ')}, 'u${key}')`;
}

function keyOf(old: OldTable, n: number): number {
  return old.first + (n % (old.rows + 30)) * old.step;
}

function writeStatement(
  old: OldTable,
  { what, one, other }: { what: string; one: number; other: number },
): string {
  const [key, second] = [keyOf(old, one), keyOf(old, other)];
  const column = other % old.columns.length;
  const value = other % 6 === 0 ? 'NULL' : (old.columns[column] as Kind).value(other);
  switch (what) {
    case 'insert':
      return `REPLACE INTO ${old.name} VALUES ${row(old, key, other)}`;
    case 'delete':
      return `DELETE FROM ${old.name} WHERE id = ${key}`;
    case 'move':
      return `UPDATE IGNORE ${old.name} SET id = ${second} WHERE id = ${key}`;
    case 'many':
      return `UPDATE ${old.name} SET c${column} = ${value} WHERE id BETWEEN ${key} AND ${key + 40}`;
    case 'swap':
      return `START TRANSACTION; SET @a = (SELECT u FROM ${old.name} WHERE id = ${key}), @b = (SELECT u FROM ${old.name} WHERE id = ${second});
        UPDATE ${old.name} SET u = 'between' WHERE id = ${key} AND @b IS NOT NULL AND ${key} <> ${second};
        UPDATE ${old.name} SET u = @a WHERE id = ${second} AND @a IS NOT NULL AND ${key} <> ${second};
        UPDATE ${old.name} SET u = @b WHERE id = ${key} AND @b IS NOT NULL AND ${key} <> ${second}; COMMIT`;
    default:
      return `UPDATE ${old.name} SET c${column} = ${value} WHERE id = ${key}`;
  }
}

/** What a test of the new release might do: it changes, removes and adds rows of its own. */
function testStatement(
  old: OldTable,
  { what, one, other }: { what: string; one: number; other: number },
): string {
  const target = `new${/\d+/.exec(old.name)?.[0]}`;
  const key = keyOf(old, one);
  switch (what) {
    case 'delete':
    case 'move':
      return `DELETE FROM ${target} WHERE id = ${key}`;
    case 'insert':
      return `INSERT IGNORE INTO ${target} (id, u) VALUES (${5_000_000 + other}, 'test${other}')`;
    default:
      return `UPDATE IGNORE ${target} SET c0 = NULL, u = 'test${other}' WHERE id = ${key}`;
  }
}
