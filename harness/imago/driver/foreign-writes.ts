/** Finds what others wrote in U_new, in its own log, and has it projected again from U_old. */
import { markerStatement, placeStatement } from './checkpoint.ts';
import { type Change, LogReader } from './egress.ts';
import { rankOf } from './log-position.ts';
import type { ConnectRequest, LogPosition } from './protocol.ts';
import { DRIVER_DOMAIN } from './universes.ts';
import type { Work } from './work.ts';

/** Keys of others' writes that are kept at most: tests write thousands, not millions. */
const KEY_LIMIT = 200_000;

/** What was found between two places of U_new's log. */
export interface ForeignWrites {
  readonly changes: readonly Change[];
  /** Place up to which was read. */
  readonly end: LogPosition;
  /** As `othersWrites` told before. */
  readonly others: string;
}

/** What others have written in U_new so far, as the server counts it: the same text as long as nothing was added. */
export async function othersWrites({ universes }: Work): Promise<string> {
  const [position] = (await universes.new.reader.one('SELECT @@GLOBAL.gtid_binlog_pos')).rows[0] ?? [];
  const counts = String(position ?? '').split(',');
  return counts.filter((count) => !count.startsWith(`${DRIVER_DOMAIN}-`)).join();
}

/**
 * Reads U_new's log from a place to its present end. The driver's own transactions are marked and left out by the
 * server, so that what it copied is not sent back to it; one that is not marked, written now, shows where the end is.
 */
export async function readForeignWrites(
  request: ConnectRequest,
  work: Work,
  from: LogPosition,
  timeoutMs: number,
): Promise<ForeignWrites> {
  const { reader: session } = work.universes.new;
  const others = await othersWrites(work);
  const end = rankOf(await session.logEnd());
  await session.one('SET skip_replication = 0');
  await session.one(markerStatement());
  await session.one('SET skip_replication = 1');
  const tables = new Map(work.tables.map(({ plan }) => [plan.target, plan.key]));
  const keys = new Map<string, Change>();
  let reader: LogReader | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`U_new's log not read to its end within ${timeoutMs} ms`)),
        timeoutMs,
      );
      reader = new LogReader({
        address: request.new,
        serverId: request.serverId,
        from,
        tables,
        withoutMarked: true,
        onEntry: ({ changes, until }) => {
          for (const change of changes) {
            keys.set(`${change.table} ${change.key}`, change);
          }
          if (keys.size > KEY_LIMIT) {
            reject(new Error(`others wrote more than ${KEY_LIMIT} rows in U_new`));
          } else if (until > end && reader !== undefined) {
            resolve({ changes: [...keys.values()], end: reader.position, others });
          }
        },
        onFailure: (error) => reject(new Error(`U_new: ${error.message}`, { cause: error })),
      });
    });
  } finally {
    clearTimeout(timer);
    reader?.stop();
  }
}

/** Queues the keys. @throws if one was not copied yet: a later chunk would meet it */
export function queueForeignWrites(work: Work, { changes }: ForeignWrites): void {
  const rank = work.egress?.read ?? 0;
  for (const { table, key } of changes) {
    for (const { plan, queue } of work.tables) {
      if (plan.target === table && !queue.touch(key, rank, 0)) {
        throw new Error(`${table} ${key} was written in U_new and is not copied yet`);
      }
    }
  }
}

/** Notes that all before this place is reconciled. */
export function reconciled(work: Work, end: LogPosition): Promise<void> {
  return work.transaction(async () => [placeStatement('foreign', end)]);
}
