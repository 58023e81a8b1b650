/**
 * How a row becomes text inside the database server. `literal` is what is written into the INSERT statement; `canon` is
 * what checksums are made of, and is the same text on both sides if and only if the value is the same.
 *
 * Both are SQL expressions that U_old evaluates, so that the driver never decodes a row. A string is quoted and
 * escaped, NULL is the bare word, so the comma-separated text of a row can be read in one way only: neither NULLs
 * nor separators inside values make two rows look alike. (A SET whose members are declared in another order prints
 * otherwise, and so counts as different.)
 */

/** What a target column holds, as far as text is concerned. */
export type TargetType =
  | { readonly kind: 'integer'; readonly unsigned: boolean }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float' | 'double' | 'year' | 'bit' | 'text' }
  /** `length` is the fixed length of a BINARY, which pads; absent for those that do not. */
  | { readonly kind: 'binary'; readonly length?: number }
  | { readonly kind: 'date' | 'time' | 'datetime'; readonly fraction: number };

/** What the projection's expression yields on U_old. */
export interface SourceType {
  readonly kind: TargetType['kind'];
  /** Digits after the point, of decimals and times. */
  readonly digits: number;
}

/** The literal for an INSERT. It never clips: what does not fit is for the target's strict mode to refuse. */
export function literal(column: string, source: SourceType, target: TargetType): string {
  switch (source.kind) {
    case 'integer':
    case 'year':
    case 'decimal':
      return bare(column);
    case 'float':
    case 'double':
      return approximate(column, source, target);
    case 'bit':
      return bare(`${column} + 0`);
    case 'binary':
      return hexadecimal(`HEX(${column})`);
    case 'text':
      return quotedText(column);
    default:
      return `QUOTE(${column})`;
  }
}

/** A value of U_old as it must read on U_new. Where types differ it is cast, and the literal was checked before. */
export function sourceCanon(column: string, source: SourceType, target: TargetType): string {
  if (sameText(source, target)) {
    return targetCanon(column, target);
  }
  switch (target.kind) {
    case 'integer': {
      const cast = `CAST(${column} AS ${target.unsigned ? 'UNSIGNED' : 'SIGNED'})`;
      // A fraction that the column rounds away shows as a difference.
      return source.kind === 'double' || source.kind === 'float' || source.kind === 'decimal'
        ? bare(`IF(${column} = ROUND(${column}), ${cast}, CONCAT(${column}))`)
        : bare(cast);
    }
    case 'decimal':
      return bare(
        `CAST(${rounded(column, source, target.scale)} AS DECIMAL(${target.precision}, ${target.scale}))`,
      );
    case 'float':
      return approximateText(`CAST(${column} AS FLOAT) + 0e0`);
    case 'double':
      return approximateText(
        source.kind === 'text' || source.kind === 'float' ? `${column} + 0e0` : `CAST(${column} AS DOUBLE)`,
      );
    case 'date':
      return `QUOTE(CAST(${column} AS DATE))`;
    case 'time':
    case 'datetime':
      return `QUOTE(CAST(${column} AS ${target.kind.toUpperCase()}(${target.fraction})))`;
    case 'binary':
      return hexadecimal(
        target.length === undefined ? `HEX(${column})` : `RPAD(HEX(${column}), ${2 * target.length}, '0')`,
      );
    default:
      return targetCanon(column, target);
  }
}

/** A value of U_new. */
export function targetCanon(column: string, target: TargetType): string {
  switch (target.kind) {
    case 'integer':
    case 'decimal':
    case 'year':
      return bare(column);
    case 'double':
      return approximateText(column);
    case 'float':
      return approximateText(`${column} + 0e0`);
    case 'bit':
      return bare(`${column} + 0`);
    case 'binary':
      return hexadecimal(`HEX(${column})`);
    case 'text':
      return quotedText(column);
    default:
      return `QUOTE(${column})`;
  }
}

function sameText(source: SourceType, target: TargetType): boolean {
  switch (target.kind) {
    case 'decimal':
      return source.kind === 'decimal' && source.digits === target.scale;
    case 'date':
    case 'time':
    case 'datetime':
      return source.kind === target.kind && source.digits === target.fraction;
    case 'binary':
      return source.kind === 'binary' && target.length === undefined;
    default:
      return source.kind === target.kind;
  }
}

/** A FLOAT prints only six digits; added to 0e0 it prints all of the double that it is. */
function approximate(column: string, source: SourceType, target: TargetType): string {
  if (target.kind === 'text') {
    return `QUOTE(${column})`;
  }
  if (target.kind === 'decimal') {
    return approximateText(rounded(column, source, target.scale));
  }
  return approximateText(source.kind === 'float' ? `${column} + 0e0` : column);
}

/** Rounding to the target's digits is what a decimal is for: of an approximate number, and of no other. */
function rounded(column: string, source: SourceType, scale: number): string {
  return source.kind === 'float' || source.kind === 'double' ? `ROUND(${column} + 0e0, ${scale})` : column;
}

/** In one character set on both sides, and with one collation, so that texts of several columns go together. */
function quotedText(column: string): string {
  return `QUOTE(CONVERT(${column} USING utf8mb4))`;
}

function bare(expression: string): string {
  return `IFNULL(${expression}, 'NULL')`;
}

/**
 * The server takes the text of a double for 23 characters at most and cuts it there wherever it stores it in between,
 * but 0.0000000004428571428571429 has 27. Told a width, it keeps to that.
 */
function approximateText(expression: string): string {
  return bare(`CAST(${expression} AS CHAR(64))`);
}

function hexadecimal(digits: string): string {
  return `IFNULL(CONCAT('x''', ${digits}, ''''), 'NULL')`;
}
