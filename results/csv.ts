/** CSV as RFC 4180 has it, with `\n` line ends: what pandas, R and DuckDB read without options. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { RecordError } from './errors.ts';

/** A cell; null is written as an empty one. */
export type Cell = string | number | boolean | null;

/** Text of a CSV file: a header line with `columns`, then the rows in the given order. */
export function csvText<T extends object>(
  columns: readonly (keyof T & string)[],
  rows: readonly T[],
): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    record_delimiter: '\n',
    cast: { boolean: (value) => (value ? 'true' : 'false') },
  });
}

/**
 * Rows of a CSV text as objects of text cells.
 * @throws RecordError `damaged` when it is no CSV or lacks one of `columns`; further columns are let through.
 */
export function csvRows(path: string, text: string, columns: readonly string[]): Record<string, string>[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true });
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new RecordError('damaged', path, `read ${path}: not a CSV file: ${seen}`, { cause: error });
  }
  const header = text.slice(0, text.indexOf('\n')).split(',');
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new RecordError('damaged', path, `read ${path}: no column ${missing.join(', ')} in its first line`);
  }
  return rows;
}

/** A cell that must hold a finite number. @throws RecordError `damaged` naming file, line and cell. */
export function numberCell(path: string, line: number, column: string, cell: string | undefined): number {
  const value = cell === undefined || cell === '' ? Number.NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  const message = `read ${path}: line ${line}, ${column}: "${cell ?? ''}" is not a number`;
  throw new RecordError('damaged', path, message);
}

/** A number, or null for an empty cell. */
export function optionalNumberCell(path: string, line: number, column: string, cell?: string): number | null {
  return cell === '' ? null : numberCell(path, line, column, cell);
}
