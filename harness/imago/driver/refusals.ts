/** Rows that U_new refuses: told by row, with the database's own words. */
import { DatabaseError, type Result, type Session } from './session.ts';
import { deleteStatement, insertStatement, rowsStatement, type TablePlan } from './statements.ts';
import type { Work } from './work.ts';

/** Rows named in one error. */
const NAMED_ROWS = 5;
/** A row's text in an INSERT statement of several, at most; the server takes 16 MB. */
const STATEMENT_BYTES = 1_048_576;

/** Warnings say that a value would not arrive as it is. */
export class ConversionWarning extends Error {}

/**
 * The server itself cannot go on, whichever row it is given: connection lost, disk or table space full, locks,
 * read-only, privileges, tables or columns gone, killed.
 */
const NOT_A_ROW = new Set([
  ...[0, 3, 28, 1021, 1026, 1030, 1037, 1038, 1041, 1044, 1045, 1053, 1054, 1064, 1114, 1142, 1143, 1146],
  ...[1153, 1180, 1205, 1213, 1227, 1290, 1317, 1836, 1927],
]);

/** Whether an error is about the rows of the statement rather than about the server. */
export function isAboutRows(error: unknown): boolean {
  return (
    error instanceof ConversionWarning || (error instanceof DatabaseError && !NOT_A_ROW.has(error.errno))
  );
}

/** Duplicate entry for a unique key. */
export function isCollision(error: unknown): boolean {
  return error instanceof DatabaseError && error.errno === 1062;
}

/** Inserts rows given by their literals. @throws on errors, and on warnings as if they were errors */
export async function insertRows(
  session: Session,
  plan: TablePlan,
  literals: readonly string[],
): Promise<void> {
  let batch: string[] = [];
  let length = 0;
  const send = async (): Promise<void> => {
    if (batch.length > 0) {
      await insertText(session, plan, batch.join(','));
      batch = [];
      length = 0;
    }
  };
  for (const row of literals) {
    if (length + row.length > STATEMENT_BYTES) {
      await send();
    }
    batch.push(row);
    length += row.length;
  }
  await send();
}

/** Inserts rows given as one text. @throws on errors, and on warnings as if they were errors */
export async function insertText(session: Session, plan: TablePlan, literals: string): Promise<void> {
  const { warnings } = await session.one(insertStatement(plan, literals));
  if (warnings > 0) {
    throw warningOf(await session.one('SHOW WARNINGS LIMIT 1'));
  }
}

/** @throws if reading gave a warning: a projection that clips a value gives one */
export function checkWarnings(universe: string, shown: Result | undefined): void {
  if (shown !== undefined && shown.rows.length > 0) {
    throw warningOf(shown, `${universe}: `);
  }
}

function warningOf(shown: Result, prefix = 'U_new: '): ConversionWarning {
  return new ConversionWarning(`${prefix}${shown.rows[0]?.[2] ?? 'a warning that was not told'}`);
}

/**
 * Finds which of these rows cannot be converted, by inserting beginnings of them and taking all back, and gives the
 * error that names them; the original if each can be converted now.
 * @param keys - in order
 * @param areReplaced - whether rows that are there already give way, as for changed keys
 */
export async function nameRefused(
  work: Work,
  plan: TablePlan,
  keys: readonly bigint[],
  areReplaced: boolean,
  original: Error,
): Promise<Error> {
  const named: string[] = [];
  let left = [...keys];
  while (left.length > 0 && named.length < NAMED_ROWS) {
    const refused = await firstRefused(work, plan, left, areReplaced);
    if (refused === undefined) {
      break;
    }
    const key = left[refused.at] as bigint;
    named.push(`row ${plan.key} = ${key}: ${refused.message}`);
    left = left.filter((_, at) => at !== refused.at);
  }
  const what =
    named.length > 0
      ? named.join('; ')
      : `rows ${plan.key} ${keys[0]} to ${keys.at(-1)}: ${original.message}`;
  return new Error(`convert ${plan.target}: ${what}`, { cause: original });
}

/** The shortest beginning of the rows that is refused ends with the row that is meant. */
async function firstRefused(
  work: Work,
  plan: TablePlan,
  keys: readonly bigint[],
  areReplaced: boolean,
): Promise<{ at: number; message: string } | undefined> {
  let message = await refusal(work, plan, keys, areReplaced);
  if (message === undefined) {
    return undefined;
  }
  let accepted = 0;
  let refused = keys.length;
  while (refused - accepted > 1) {
    const middle = Math.floor((accepted + refused) / 2);
    const found = await refusal(work, plan, keys.slice(0, middle), areReplaced);
    if (found === undefined) {
      accepted = middle;
    } else {
      refused = middle;
      message = found;
    }
  }
  return { at: refused - 1, message };
}

async function refusal(
  work: Work,
  plan: TablePlan,
  keys: readonly bigint[],
  areReplaced: boolean,
): Promise<string | undefined> {
  const { old } = work.universes;
  let message: string | undefined;
  await work
    .transaction(async (writer) => {
      try {
        const { results } = await old.keys.readAt([rowsStatement(plan, keys), 'SHOW WARNINGS LIMIT 1']);
        checkWarnings('U_old', results[1]);
        if (areReplaced) {
          await writer.one(deleteStatement(plan, keys));
        }
        await insertRows(writer, plan, results[0]?.rows.map((row) => String(row[1])) ?? []);
      } catch (error) {
        if (!isAboutRows(error)) throw error;
        message = (error as Error).message;
      }
      throw new TakenBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  return message;
}

/** Ends a trial insertion. */
class TakenBack extends Error {}
