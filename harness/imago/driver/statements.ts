/** The statements with which chunks and rows are read, written and compared: pure, from a table's plan. */
import { literal, type SourceType, sourceCanon, type TargetType, targetCanon } from './row-text.ts';

/** One target table with all that its statements need to know. */
export interface TablePlan {
  readonly name: string;
  readonly target: string;
  readonly columns: readonly string[];
  readonly key: string;
  readonly targetTypes: readonly TargetType[];
  readonly sources: readonly SourcePlan[];
  /** Columns of each secondary unique key of the target. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Estimate of a row's length, from which the first chunk's size is taken. */
  readonly rowBytes: number;
  /** Estimate of the sources' length with their indexes. */
  readonly bytes: number;
}

/** One old table that rows come from. */
export interface SourcePlan {
  readonly table: string;
  readonly key: string;
  readonly select: string;
  readonly types: readonly SourceType[];
}

/** Keys above `low` (all, if absent) up to and with `high` (all, if absent). */
export interface KeyRange {
  readonly low?: bigint;
  readonly high?: bigint;
}

/** An identifier, quoted. */
export function name(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}

/** A condition on keys; always true for the range of all. */
export function within(column: string, { low, high }: KeyRange): string {
  const parts = [
    ...(low === undefined ? [] : [`${column} > ${low}`]),
    ...(high === undefined ? [] : [`${column} <= ${high}`]),
  ];
  return parts.length === 0 ? 'TRUE' : parts.join(' AND ');
}

/** A condition that names keys; never true for none. */
export function among(column: string, keys: readonly bigint[]): string {
  return keys.length === 0 ? 'FALSE' : `${column} IN (${keys.join(',')})`;
}

/** The last key of `rows` rows above `low`, over all sources, NULL if there is none; and how many rows there are of them. */
export function cutStatement(plan: TablePlan, low: bigint | undefined, rows: number): string {
  const branches = plan.sources.map(({ table, key }) => {
    const column = name(key);
    const condition = within(column, low === undefined ? {} : { low });
    return `(SELECT ${column} k FROM ${name(table)} WHERE ${condition} ORDER BY ${column} LIMIT ${rows})`;
  });
  const keys =
    branches.length === 1
      ? branches[0]
      : `(SELECT k FROM (${branches.join(' UNION ALL ')}) u ORDER BY k LIMIT ${rows})`;
  return `SELECT MAX(k) k, COUNT(*) n FROM ${keys} c`;
}

/**
 * Reads a chunk as one row a source: how many rows, checksum, and all their literals as one text. Both come from one
 * statement, so they speak of the same rows.
 */
export function chunkStatement(plan: TablePlan, range: KeyRange): string {
  const parts = plan.sources.map(
    (_, at) =>
      `SELECT COUNT(*) n, ${chunkChecksum(plan, sourceRow(plan, at))} x, ${collated(together(rowLiteral(plan, at)))} t FROM p${at}`,
  );
  return withProjections(plan, (key) => within(key, range), parts);
}

/** Count and checksum of a chunk on U_new, to be held against what {@link chunkStatement} read. */
export function writtenChunkStatement(plan: TablePlan, range: KeyRange): string {
  return `SELECT COUNT(*) n, ${chunkChecksum(plan, targetRow(plan))} x FROM ${name(plan.target)} WHERE ${within(name(plan.key), range)}`;
}

/** Count and checksum of a chunk on U_old, one row a source. */
export function sourceChecksumStatement(plan: TablePlan, range: KeyRange): string {
  const parts = plan.sources.map(
    (_, at) => `SELECT COUNT(*) n, ${checksum(sourceRow(plan, at))} x FROM p${at}`,
  );
  return withProjections(plan, (key) => within(key, range), parts);
}

/** Count and checksum of a chunk on U_new. */
export function targetChecksumStatement(plan: TablePlan, range: KeyRange): string {
  return `SELECT COUNT(*) n, ${checksum(targetRow(plan))} x FROM ${name(plan.target)} WHERE ${within(name(plan.key), range)}`;
}

/** Key and literals of each row of these keys. */
export function rowsStatement(plan: TablePlan, keys: readonly bigint[]): string {
  const parts = plan.sources.map(
    (_, at) => `SELECT c0 k, ${collated(`CONCAT('(', ${rowLiteral(plan, at)}, ')')`)} t FROM p${at}`,
  );
  return withProjections(plan, (key) => among(key, keys), parts);
}

/** Which rows a digest is wanted of. */
export type RowSelection = { readonly keys: readonly bigint[] } | { readonly range: KeyRange };

/** Key and digest of each row on U_old. */
export function sourceDigestsStatement(plan: TablePlan, rows: RowSelection): string {
  const parts = plan.sources.map((_, at) => `SELECT c0 k, ${digest(sourceRow(plan, at))} d FROM p${at}`);
  return withProjections(plan, (key) => selected(key, rows), parts);
}

/** Key and digest of each row on U_new. */
export function targetDigestsStatement(plan: TablePlan, rows: RowSelection): string {
  const key = name(plan.key);
  return `SELECT ${key} k, ${digest(targetRow(plan))} d FROM ${name(plan.target)} WHERE ${selected(key, rows)}`;
}

/** Keys of a range on U_old. */
export function sourceKeysStatement(plan: TablePlan, range: KeyRange): string {
  return plan.sources
    .map(({ table, key }) => `SELECT ${name(key)} k FROM ${name(table)} WHERE ${within(name(key), range)}`)
    .join(' UNION ALL ');
}

/** Writes rows, given as their literals. */
export function insertStatement(plan: TablePlan, literals: string): string {
  return `INSERT INTO ${name(plan.target)} (${plan.columns.map(name).join(',')}) VALUES ${literals}`;
}

/**
 * Takes in rows from a file that holds what an INSERT statement would have as VALUES, with a comma behind. For a server that is
 * less work than to parse a statement.
 */
export function loadStatement(plan: TablePlan): string {
  return `LOAD DATA LOCAL INFILE 'chunk' INTO TABLE ${name(plan.target)} CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\\'' ESCAPED BY '\\\\' LINES STARTING BY '(' TERMINATED BY '),' (${plan.columns.map(name).join(',')})`;
}

/** Removes rows. */
export function deleteStatement(plan: TablePlan, keys: readonly bigint[]): string {
  return `DELETE FROM ${name(plan.target)} WHERE ${among(name(plan.key), keys)}`;
}

/** Tells the types of the projection's expressions, by a result without rows. */
export function typesStatement(source: { readonly select: string }, columns: number): string {
  return `WITH p0 (${columnNames(columns)}) AS (${source.select}) SELECT * FROM p0 LIMIT 0`;
}

function selected(key: string, rows: RowSelection): string {
  return 'keys' in rows ? among(key, rows.keys) : within(key, rows.range);
}

/** The expressions get names of ours (c0, c1, ...): a projection need not name what it computes. */
function withProjections(
  plan: TablePlan,
  condition: (key: string) => string,
  parts: readonly string[],
): string {
  const columns = columnNames(plan.columns.length);
  const sources = plan.sources.map(
    ({ select, key }, at) => `p${at} (${columns}) AS (${select} WHERE ${condition(`s.${name(key)}`)})`,
  );
  return `WITH ${sources.join(', ')} ${parts.join(' UNION ALL ')}`;
}

function columnNames(count: number): string {
  return Array.from({ length: count }, (_, at) => `c${at}`).join(', ');
}

/** Texts of several sources meet in one result, whatever collations their columns have. */
function collated(text: string): string {
  return `CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;
}

function rowLiteral(plan: TablePlan, source: number): string {
  return joined(plan.targetTypes.map((type, at) => literal(`c${at}`, typeOf(plan, source, at), type)));
}

function sourceRow(plan: TablePlan, source: number): string {
  return joined(plan.targetTypes.map((type, at) => sourceCanon(`c${at}`, typeOf(plan, source, at), type)));
}

function targetRow(plan: TablePlan): string {
  return joined(plan.targetTypes.map((type, at) => targetCanon(name(plan.columns[at] as string), type)));
}

function typeOf(plan: TablePlan, source: number, column: number): SourceType {
  return plan.sources[source]?.types[column] as SourceType;
}

function joined(texts: readonly string[]): string {
  return texts.length === 1 ? `CONCAT(${texts[0]})` : `CONCAT_WS(',', ${texts.join(', ')})`;
}

/** 64 bits of MD5; their exclusive or over rows does not depend on the order in which a server reads them. */
function digest(row: string): string {
  return `CAST(CONV(LEFT(MD5(${row}), 16), 16, 10) AS UNSIGNED)`;
}

/**
 * Checksum of a chunk. With one source both servers read its rows in the order of their keys: then it is one digest of
 * the whole text, for beginning a digest costs a server more than anything else that it does to a row. Should a server
 * read in another order, the chunk seems to differ, and is compared by row. Rows of several sources have no
 * common order.
 */
function chunkChecksum(plan: TablePlan, row: string): string {
  return plan.sources.length === 1 ? `MD5(${together(row)})` : checksum(row);
}

function together(row: string): string {
  return `GROUP_CONCAT('(', ${row}, ')' SEPARATOR ',')`;
}

function checksum(row: string): string {
  return `BIT_XOR(${digest(row)})`;
}
