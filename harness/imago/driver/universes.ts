/** The driver's sessions with both universes, set up so that values cross unchanged and its writes are known. */

import type { DriverDomain } from '../../contract/imago-step.ts';
import type { ConnectRequest } from './protocol.ts';
import { Session } from './session.ts';

/** Longest text of one chunk; a chunk that is longer is cut smaller. Below the 16 MB that servers take at once. */
export const CHUNK_LIMIT_BYTES = 8_388_608;

/** Replication domain in which the driver's own writes are counted, apart from all that others write. */
export const DRIVER_DOMAIN: DriverDomain = 4_242;

/** Times are exchanged in UTC: in a zone with summer time an hour a year cannot be told from the next. */
const BOTH = `time_zone = '+00:00', sql_quote_show_create = 1, group_concat_max_len = ${CHUNK_LIMIT_BYTES}`;

const OLD_SETTINGS = `${BOTH}, sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'`;

/**
 * - strict: what does not fit is refused, never clipped; key 0 is a key and not the next number
 * - foreign keys are not checked: tables are copied one after another, and U_old's own checks held for all rows
 * - secondary unique keys are checked (`unique_checks` stays): without, a colliding row would be there twice
 * - skip_replication marks what the driver writes: replicas of U_new apply it all the same, and the driver, when it
 *   looks in U_new's log for what others wrote, has the server leave it out; gtid_domain_id tells whether there is anything
 */
const NEW_SETTINGS = `${BOTH}, sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', foreign_key_checks = 0, unique_checks = 1, skip_replication = 1, gtid_domain_id = ${DRIVER_DOMAIN}, tx_isolation = 'READ-COMMITTED'`;

/**
 * Tables copied at the same time: inserting takes longest by far, and a server does it for one session with one core.
 * With two, U_old's reading, the driver and both insertions fill the two to four cores that a universe has.
 */
export const LANES = 2;

/**
 * Held by each session that writes, for as long as it lives: once a driver that takes over has them all, nothing that
 * the killed one sent can still be committed. The server frees a lock when its connection ends.
 */
const LOCK = 'upfault_imago';
/** A killed driver's connection is noticed once its last statement has ended. */
const LOCK_WAIT_S = 3;

/** One session for each thing that goes on at the same time. */
export interface Universes {
  readonly old: { readonly chunks: Session; readonly keys: Session };
  readonly new: {
    /** One a lane; the first writes whatever is no chunk. */
    readonly writers: readonly [Session, ...Session[]];
    readonly reader: Session;
  };
  readonly close: () => void;
}

/**
 * Opens the sessions and takes the lock.
 * @throws if a database cannot be reached, another driver is at work, or U_old's log has no row images
 */
export async function openUniverses(
  request: ConnectRequest,
  onLost: (error: Error) => void,
): Promise<Universes> {
  const sessions: Session[] = [];
  const close = (): void => {
    for (const session of sessions) session.close();
  };
  const open = async (universe: 'U_old' | 'U_new'): Promise<Session> => {
    const isOld = universe === 'U_old';
    const session = await Session.open(
      isOld ? request.old : request.new,
      universe,
      isOld ? OLD_SETTINGS : NEW_SETTINGS,
      onLost,
    );
    sessions.push(session);
    return session;
  };
  const openWriter = async (lane: number): Promise<Session> => {
    const writer = await open('U_new');
    const [taken] = (await writer.one(`SELECT GET_LOCK('${LOCK}.${lane}', ${LOCK_WAIT_S})`)).rows[0] ?? [];
    if (Number(taken) !== 1) {
      throw new Error(`U_new at ${request.new.host}: another driver is at work`);
    }
    return writer;
  };
  try {
    // Side by side; should one fail, the others must have ended before all can be closed.
    const [chunks, keys, reader, ...writers] = await allOf([
      open('U_old'),
      open('U_old'),
      open('U_new'),
      openWriter(0),
      ...Array.from({ length: LANES - 1 }, (_, lane) => openWriter(lane + 1)),
    ]);
    const universes = { old: { chunks, keys }, new: { writers, reader }, close };
    await checkLog(universes.old.keys);
    return universes;
  } catch (error) {
    close();
    throw error;
  }
}

/** All of them. @throws the first failure, when none is under way any more */
async function allOf<T extends readonly unknown[]>(
  opening: {
    [At in keyof T]: Promise<T[At]>;
  },
): Promise<T> {
  const outcomes = await Promise.allSettled(opening);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }) as unknown as T;
}

async function checkLog(old: Session): Promise<void> {
  const { rows } = await old.one(
    'SELECT @@GLOBAL.log_bin, @@GLOBAL.binlog_format, @@GLOBAL.binlog_row_image',
  );
  const [isOn, format, image] = rows[0] ?? [];
  if (Number(isOn) !== 1 || format !== 'ROW' || image !== 'FULL') {
    throw new Error(
      `U_old: log_bin ${isOn}, binlog_format ${format}, binlog_row_image ${image}; 1, ROW and FULL are wanted`,
    );
  }
}
