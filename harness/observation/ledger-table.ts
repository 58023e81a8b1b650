/** The ledger's statements, read as tables. What cannot be read is said, and never becomes zero rows. */

/** Runs a read-only statement; the first row holds the column names. NULL is the text `NULL`. */
export type Query = (statement: string) => Promise<string[][]>;

/** What a statement gave. */
export type TableReading =
  | {
      readonly read: true;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly read: false; readonly reason: string };

/**
 * Reads a table that must have the columns `needed` (a table without rows may come without its header).
 * @param subject what is read, for the reason: `writes of kind bid`
 */
export async function readTable(
  query: Query,
  statement: string,
  subject: string,
  needed: readonly string[],
): Promise<TableReading> {
  let output: string[][];
  try {
    output = await query(statement);
  } catch (error) {
    return { read: false, reason: `${subject}: ${(error as Error).message}` };
  }
  const [columns, ...rows] = output;
  if (columns === undefined) return { read: true, columns: needed, rows: [] };
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    return { read: false, reason: `${subject}: no column ${missing.join(', ')} among ${columns.join(', ')}` };
  const ragged = rows.find((row) => row.length !== columns.length);
  if (ragged !== undefined)
    return {
      read: false,
      reason: `${subject}: a row of ${ragged.length} values for ${columns.length} columns`,
    };
  return { read: true, columns, rows };
}
