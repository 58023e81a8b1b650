/** What a universe's database tells of its own tables: asked once for all of them, for asking takes longest. */
import type { Result, Row, Session } from './session.ts';

/** Rows of COLUMNS, by table. */
export interface Described {
  readonly columns: ReadonlyMap<string, readonly Row[]>;
}

/** Tables that are read. */
export interface DescribedSources extends Described {
  /** Average length of a row, and length with indexes. */
  readonly sizes: ReadonlyMap<string, readonly Row[]>;
}

/** Tables that are written. */
export interface DescribedTargets extends Described {
  /** Rows of STATISTICS about secondary unique keys. */
  readonly uniqueKeys: ReadonlyMap<string, readonly Row[]>;
}

/** Describes tables of U_old. */
export async function describeSources(
  session: Session,
  tables: readonly string[],
): Promise<DescribedSources> {
  const [columns, sizes] = await asked(
    session,
    tables,
    'TABLE_NAME, AVG_ROW_LENGTH, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES',
  );
  return { columns, sizes };
}

/** Describes tables of U_new. */
export async function describeTargets(
  session: Session,
  tables: readonly string[],
): Promise<DescribedTargets> {
  const [columns, uniqueKeys] = await asked(
    session,
    tables,
    'TABLE_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS',
    "AND NON_UNIQUE = 0 AND INDEX_NAME <> 'PRIMARY' ORDER BY INDEX_NAME, SEQ_IN_INDEX",
  );
  return { columns, uniqueKeys };
}

/** Columns of the tables, and what else is selected of them, by table. */
async function asked(
  session: Session,
  tables: readonly string[],
  further: string,
  those = '',
): Promise<[columns: Map<string, Row[]>, further: Map<string, Row[]>]> {
  const ofThem = `TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${tables.map(text).join(', ') || 'NULL'})`;
  const [columns, others] = await session.run(
    [
      `SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_KEY, COLUMN_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_MAXIMUM_LENGTH
       FROM information_schema.COLUMNS WHERE ${ofThem} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
      `SELECT ${further} WHERE ${ofThem} ${those}`,
    ].join('; '),
  );
  return [byTable(columns), byTable(others)];
}

function byTable(result: Result | undefined): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const [table, ...row] of result?.rows ?? [])
    found.set(String(table), [...(found.get(String(table)) ?? []), row]);
  return found;
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
