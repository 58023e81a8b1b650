/** What a universe's database tells of its own tables. */
import type { Result, Row, Session } from './session.ts';

/** What the information schema tells of some tables, by table. */
export interface Described {
  /** Rows of COLUMNS. */
  readonly columns: ReadonlyMap<string, readonly Row[]>;
  /** Rows of STATISTICS about secondary unique keys. */
  readonly uniqueKeys: ReadonlyMap<string, readonly Row[]>;
  /** Average length of a row, and length with indexes. */
  readonly sizes: ReadonlyMap<string, readonly Row[]>;
}

/** Describes tables of one universe; asked once for all of them, for asking takes longest. */
export async function describe(session: Session, tables: readonly string[]): Promise<Described> {
  const those = `TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${tables.map(text).join(', ') || 'NULL'})`;
  const [columns, uniqueKeys, sizes] = await session.run(
    [
      `SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_KEY, COLUMN_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_MAXIMUM_LENGTH
       FROM information_schema.COLUMNS WHERE ${those} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
      `SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS
       WHERE ${those} AND NON_UNIQUE = 0 AND INDEX_NAME <> 'PRIMARY' ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
      `SELECT TABLE_NAME, AVG_ROW_LENGTH, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES WHERE ${those}`,
    ].join('; '),
  );
  const byTable = (result: Result | undefined): Map<string, Row[]> => {
    const found = new Map<string, Row[]>();
    for (const [table, ...row] of result?.rows ?? [])
      found.set(String(table), [...(found.get(String(table)) ?? []), row]);
    return found;
  };
  return { columns: byTable(columns), uniqueKeys: byTable(uniqueKeys), sizes: byTable(sizes) };
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
