/** Finding the steps that give a database its new shape by what their statements do, whatever a plan calls them. */
import type { ConvertStep, SqlStep, Step } from '../harness/contract/step.ts';

/** Whether a step runs statements that match. */
export function runs(statement: RegExp): (step: Step) => step is SqlStep {
  return (step): step is SqlStep => step.kind === 'sql' && statement.test(step.statements);
}

/** Statements that define a column: in a new table, added, or changed. */
export function definitionOf({ name, type }: { readonly name: string; readonly type: string }): RegExp {
  return new RegExp(`(^|\\s)${name}(\\s+)${type}\\b`, 'gm');
}

/** Whether a step belongs to the migration of a table: makes or widens it, keeps its shapes in step, or fills it. */
export function migrates({
  table,
  name,
}: {
  readonly table: string;
  readonly name: string;
}): (step: Step) => step is SqlStep | ConvertStep {
  const brings = [
    `CREATE TABLE ${table}\\b`,
    `ALTER TABLE ${table}\\b[^;]*ADD COLUMN ${name}\\b`,
    `TRIGGER \\w+ (BEFORE|AFTER) \\w+ ON ${table}\\b`,
  ];
  const isBrought = runs(new RegExp(brings.join('|'), 'i'));
  return (step): step is SqlStep | ConvertStep =>
    isBrought(step) || (step.kind === 'convert' && step.projection.target === table);
}

/** Rows only if a table of the database has no column of this name and type; made for any schema as current one. */
export function columnMissing(
  database: string,
  { table, name, type }: { readonly table: string; readonly name: string; readonly type: string },
): string {
  return `SELECT '${table}.${name} ${type}' AS missing FROM DUAL WHERE NOT EXISTS (
    SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME = '${table}'
      AND COLUMN_NAME = '${name}' AND DATA_TYPE = '${type.toLowerCase()}');`;
}
