/** Checks declared projections against both databases and prepares what their statements need. */
import type { Projection, ProjectionSource } from '../../contract/projection.ts';
import {
  type Described,
  type DescribedSources,
  type DescribedTargets,
  describeSources,
  describeTargets,
} from './described.ts';
import type { SourceType, TargetType } from './row-text.ts';
import type { Session } from './session.ts';
import { name as identifier, type SourcePlan, type TablePlan, typesStatement } from './statements.ts';

/** Plans of all projections. @throws naming the table that cannot be followed, and why */
export async function planTables(
  old: Session,
  target: Session,
  projections: readonly Projection[],
): Promise<TablePlan[]> {
  const sources = projections.flatMap((projection) => projection.sources.map(({ table }) => table));
  const targets = projections.map((projection) => projection.target);
  const [ofOld, ofNew] = await Promise.all([describeSources(old, sources), describeTargets(target, targets)]);
  // Together, so that the server waits for no answer; of several refusals the first table's is told.
  const plans = await Promise.allSettled(
    projections.map((projection) => planTable(old, projection, ofOld, ofNew)),
  );
  return plans.map((plan) => {
    if (plan.status === 'rejected') throw plan.reason;
    return plan.value;
  });
}

async function planTable(
  old: Session,
  projection: Projection,
  ofOld: DescribedSources,
  ofNew: DescribedTargets,
): Promise<TablePlan> {
  const { name, columns, key } = projection;
  const refuse = (why: string): never => {
    throw new Error(`projection ${name}: ${why}`);
  };
  const targetTypes = targetTypesOf(ofNew, projection, refuse);
  if (columns[0] !== key) {
    refuse(`its columns begin with ${columns[0]}; the key ${key} must come first`);
  }
  checkKey(ofNew, 'U_new', projection.target, key, refuse);
  const sources: SourcePlan[] = [];
  let rowBytes = 64;
  let bytes = 0;
  for (const source of projection.sources) {
    checkKey(ofOld, 'U_old', source.table, source.key, refuse);
    await checkReadsOneTable(old, source, refuse);
    await checkCascades(old, source.table, refuse);
    const types = (await old.fields(typesStatement(source, columns.length))).map((field, at) =>
      sourceType(field, () =>
        refuse(`U_old: ${source.table}: column ${columns[at]} has a type that is not supported`),
      ),
    );
    const [length, size] = ofOld.sizes.get(source.table)?.[0] ?? [0];
    rowBytes = Math.max(rowBytes, Number(length ?? 0));
    bytes += Number(size ?? 0);
    sources.push({ ...source, types });
  }
  const uniqueKeys = uniqueKeysOf(ofNew, projection.target);
  return { name, target: projection.target, columns, key, targetTypes, sources, rowBytes, bytes, uniqueKeys };
}

function uniqueKeysOf({ uniqueKeys }: DescribedTargets, table: string): string[][] {
  const keys = new Map<string, string[]>();
  for (const [index, column] of uniqueKeys.get(table) ?? []) {
    keys.set(String(index), [...(keys.get(String(index)) ?? []), String(column)]);
  }
  return [...keys.values()];
}

/** Rows are told apart by one integer that the log names too; nothing else can be followed. */
function checkKey(
  { columns }: Described,
  universe: string,
  table: string,
  key: string,
  refuse: (why: string) => never,
): void {
  const rows = columns.get(table) ?? refuse(`${universe} has no table ${table}`);
  const primary = rows.filter((row) => row[2] === 'PRI').map((row) => String(row[0]));
  if (primary.length !== 1 || primary[0]?.toLowerCase() !== key.toLowerCase()) {
    const found = primary.length === 0 ? 'none' : primary.join(', ');
    refuse(`${universe}: table ${table} must have the primary key ${key}, alone; it has ${found}`);
  }
  const type = rows.find((row) => row[2] === 'PRI')?.[1];
  if (!/^(tiny|small|medium|big)?int$/.test(String(type))) {
    refuse(`${universe}: table ${table}: key ${key} is ${type}; an integer is wanted`);
  }
}

/** A change in a second table would not lead to the rows that it changes. */
async function checkReadsOneTable(
  old: Session,
  source: ProjectionSource,
  refuse: (why: string) => never,
): Promise<void> {
  const { rows } = await old.one(`EXPLAIN ${source.select} WHERE s.\`${source.key}\` > 0`);
  const others = rows.map((row) => row[2]).filter((table) => table !== null && table !== 's');
  if (others.length > 0) {
    refuse(`its rows from ${source.table} also read ${others.join(', ')}, whose changes cannot be followed`);
  }
}

/**
 * The engine does not log the rows that a foreign key's cascade changes. Read from the table's definition: the
 * information schema shows foreign keys only to those who may do more than select.
 */
async function checkCascades(old: Session, table: string, refuse: (why: string) => never): Promise<void> {
  const definition = String((await old.one(`SHOW CREATE TABLE ${identifier(table)}`)).rows[0]?.[1]);
  const cascade = definition
    .split('\n')
    .find((line) => / FOREIGN KEY .* ON (DELETE|UPDATE) (CASCADE|SET NULL)/.test(line));
  if (cascade !== undefined) {
    refuse(
      `U_old: table ${table} is changed by a cascade, which the binary log does not show: ${cascade.trim()}`,
    );
  }
}

function targetTypesOf(
  { columns }: Described,
  projection: Projection,
  refuse: (why: string) => never,
): TargetType[] {
  const rows = columns.get(projection.target) ?? refuse(`U_new has no table ${projection.target}`);
  return projection.columns.map((column) => {
    const row = rows.find(([name]) => name === column);
    if (row === undefined) {
      return refuse(`U_new: table ${projection.target} has no column ${column}`);
    }
    const [, type, , full, precision, scale, fraction, length] = row;
    switch (type) {
      case 'tinyint':
      case 'smallint':
      case 'mediumint':
      case 'int':
      case 'bigint':
        return { kind: 'integer', unsigned: /unsigned/.test(String(full)) };
      case 'decimal':
        return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
      case 'float':
      case 'double':
      case 'year':
      case 'bit':
        return { kind: type };
      case 'date':
        return { kind: type, fraction: 0 };
      case 'time':
      case 'datetime':
        return { kind: type, fraction: Number(fraction ?? 0) };
      case 'timestamp':
        return { kind: 'datetime', fraction: Number(fraction ?? 0) };
      case 'binary':
        return { kind: 'binary', length: Number(length) };
      case 'varbinary':
      case 'tinyblob':
      case 'blob':
      case 'mediumblob':
      case 'longblob':
        return { kind: 'binary' };
      case 'char':
      case 'varchar':
      case 'tinytext':
      case 'text':
      case 'mediumtext':
      case 'longtext':
      case 'enum':
      case 'set':
      case 'json':
      case 'uuid':
      case 'inet4':
      case 'inet6':
        return { kind: 'text' };
      default:
        return refuse(
          `U_new: table ${projection.target}: column ${column} is ${type}, which is not supported`,
        );
    }
  });
}

const BINARY_CHARSET = 63;

/** The protocol's type numbers, by what they mean here. */
function sourceType(
  field: { type: number; charset: number; decimals: number; flags: number },
  refuse: () => never,
): SourceType {
  const { type, charset, decimals } = field;
  switch (type) {
    case 1:
    case 2:
    case 3:
    case 8:
    case 9:
      return { kind: 'integer', digits: 0 };
    case 0:
    case 246:
      return { kind: 'decimal', digits: decimals };
    case 4:
      return { kind: 'float', digits: 0 };
    case 5:
      return { kind: 'double', digits: 0 };
    case 7:
    case 12:
      return { kind: 'datetime', digits: decimals };
    case 10:
      return { kind: 'date', digits: 0 };
    case 11:
      return { kind: 'time', digits: decimals };
    case 13:
      return { kind: 'year', digits: 0 };
    case 16:
      return { kind: 'bit', digits: 0 };
    case 6:
    case 245:
    case 247:
    case 248:
    case 249:
    case 250:
    case 251:
    case 252:
    case 253:
    case 254:
      return { kind: charset === BINARY_CHARSET ? 'binary' : 'text', digits: 0 };
    default:
      return refuse();
  }
}
