/** Clients that begin before an upgrade and go on after it: what they hold must still be good then. */
import type { Provocation } from '../contract/settle.ts';
import { ExchangeClient, runExchanges } from './exchange.ts';
import type { ExchangeSite } from './exchange-http.ts';

/** Time to begin: the shortest warm-up, so that it is over before the upgrade's first step. */
const BEGIN_LIMIT_MS = 4_000;

/** A client that has begun. */
export interface OpenSession {
  readonly client: ExchangeClient;
  /** Why it could not begin; empty where it did. */
  readonly trouble: string;
}

/** Sessions by the name of their provocation. */
export type OpenSessions = ReadonlyMap<string, OpenSession>;

/** Lets every session among the provocations begin. */
export async function openSessions(
  site: ExchangeSite,
  provocations: readonly Provocation[],
): Promise<OpenSessions> {
  const opened = await Promise.all(
    provocations.map(async ({ name, act }) => {
      if (act.kind !== 'session') return [];
      const client = new ExchangeClient();
      const { reason } = await runExchanges(site, act.begin, {
        concurrency: 1,
        timeoutMs: BEGIN_LIMIT_MS,
        client,
      });
      return [[name, { client, trouble: reason }] as const];
    }),
  );
  return new Map(opened.flat());
}
