/** The peer of the quiescences: how long pt-online-schema-change's rename keeps writers from one table. */
import type Dockerode from 'dockerode';
import type { Scenario } from '../contract/scenario.ts';
import type { Size } from '../contract/topology.ts';
import { toolsImage, transferImages } from './transfer-images.ts';
import { succeed, type TransferStand, withTransferStand } from './transfer-stand.ts';
import { startWriter } from './transfer-writer.ts';

const TOOLS = toolsImage('rename', ['rename.sh']);
const CHANGE_TIMEOUT_MS = 120_000;

/** Milliseconds of one rename for each rate of writes, in their order; a fresh database serves all. */
export async function renames(
  options: {
    readonly engine: Dockerode;
    readonly scenario: Scenario;
    readonly size: Size;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  },
  writesPerSecond: readonly number[],
): Promise<number[]> {
  const images = await transferImages(options.scenario, options.size, TOOLS, options.say);
  return withTransferStand({ ...options, images }, async (stand) => {
    // Every statement with its time; sessions begun from now on heed it.
    await stand.sql(
      'old',
      "SET GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0, GLOBAL slow_query_log = ON",
    );
    const blockedMs: number[] = [];
    for (const perSecond of writesPerSecond) {
      options.signal.throwIfAborted();
      blockedMs.push(await rename({ ...stand, say: options.say }, perSecond));
    }
    return blockedMs;
  });
}

/** From the rename's request for the table to its end, in which whoever writes the table waits. */
async function rename(
  stand: TransferStand & { readonly say: (line: string) => void },
  writesPerSecond: number,
): Promise<number> {
  const { addresses, scenario, shells } = stand;
  await stand.sql('old', 'TRUNCATE TABLE mysql.slow_log');
  const writer = await startWriter(stand, writesPerSecond);
  const argv = ['sh', '/opt/bench/rename.sh', addresses.old, scenario.facts.database, writer.table];
  try {
    await succeed(shells.tools, argv, { timeoutMs: CHANGE_TIMEOUT_MS });
  } catch (error) {
    await writer.end().catch(() => undefined); // What failed first is what is told.
    throw error;
  }
  const { transactions, deadlocks } = await writer.end();
  stand.say(`rename beside ${transactions} writes, and ${deadlocks} undone by a deadlock`);
  const seconds = await stand.sql(
    'old',
    "SELECT TIME_TO_SEC(query_time) FROM mysql.slow_log WHERE sql_text LIKE 'RENAME TABLE%'",
  );
  if (!/^[\d.]+$/.test(seconds)) {
    throw new Error(
      `bench switchover: one rename of ${writer.table} is wanted in the log; seen: "${seconds}"`,
    );
  }
  return Number(seconds) * 1_000;
}
