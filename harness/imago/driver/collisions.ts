/**
 * Finds the rows of U_new that stand in the way of rows to be inserted, by a secondary unique key.
 *
 * REPLACE would remove them silently, so rows are deleted by their own keys and inserted. Such a collision is real for
 * a moment: U_old gave the value from one row to another, and the first is still to be projected again; or a test wrote
 * a row of its own in U_new. Either way U_old's row with that key, read at the same moment as the rows to be inserted,
 * has another value or is not there, because U_old's own unique keys held at that moment. So the row in the way is
 * projected again together with them. What still collides then is a projection that makes two rows alike.
 */
import { CHECKPOINT_SCHEMA } from './checkpoint.ts';
import type { Session } from './session.ts';
import { insertStatement, name, type TablePlan } from './statements.ts';

const BATCH = `${CHECKPOINT_SCHEMA}.batch`;

/**
 * Keys of rows that are in the way; none if it is the rows themselves that are alike. To be called in the
 * transaction whose insertion was refused.
 */
export async function keysInTheWay(
  writer: Session,
  plan: TablePlan,
  literals: readonly string[],
): Promise<bigint[]> {
  if (plan.uniqueKeys.length === 0 || literals.length === 0) {
    return [];
  }
  const key = name(plan.key);
  await writer.one(`DROP TEMPORARY TABLE IF EXISTS ${BATCH}`);
  await writer.one(`CREATE TEMPORARY TABLE ${BATCH} LIKE ${name(plan.target)}`);
  try {
    const { affected } = await writer.one(
      insertStatement(plan, literals.join(',')).replace(
        /^INSERT INTO `(?:[^`]|``)+`/,
        `INSERT IGNORE INTO ${BATCH}`,
      ),
    );
    if (affected === 0) {
      return [];
    }
    const found = new Set<bigint>();
    for (const columns of plan.uniqueKeys) {
      const same = columns.map((column) => `t.${name(column)} = b.${name(column)}`).join(' AND ');
      const { rows } = await writer.one(
        `SELECT t.${key} FROM ${name(plan.target)} t JOIN ${BATCH} b ON ${same} WHERE t.${key} <> b.${key}`,
      );
      for (const [value] of rows) {
        found.add(BigInt(value as string));
      }
    }
    return [...found];
  } finally {
    await writer.one(`DROP TEMPORARY TABLE IF EXISTS ${BATCH}`);
  }
}
