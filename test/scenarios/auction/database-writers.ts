/** Clients of both releases' data layers, which write at the same time and remember what was acknowledged. */
import { createHash } from 'node:crypto';
import { newCatalogue } from '../../../scenarios/auction/application/new/catalogue.ts';
import { newTrade } from '../../../scenarios/auction/application/new/trade.ts';
import { oldCatalogue } from '../../../scenarios/auction/application/old/catalogue.ts';
import { oldTrade } from '../../../scenarios/auction/application/old/trade.ts';
import { connections } from '../../../scenarios/auction/application/shared/pool.ts';
import { sessionStore } from '../../../scenarios/auction/application/shared/session-store.ts';
import type { Store } from '../../../scenarios/auction/application/shared/store.ts';

/** Acknowledged writes: kind and request id -> fields as the ledger names them. */
export type Acknowledged = Map<string, Record<string, string>>;

/** A release's store against a server's published port. */
export function storeOf(release: 'old' | 'new', port: number, password: string): Store {
  const user = release === 'old' ? 'auction_app' : 'auction_app2';
  const pool = connections({ host: '127.0.0.1', port, user, password, database: 'auction', connections: 4 });
  return release === 'old'
    ? { ...oldCatalogue(pool), ...oldTrade(pool), ...sessionStore(pool, 60), close: pool.close }
    : { ...newCatalogue(pool), ...newTrade(pool), ...sessionStore(pool, 60), close: pool.close };
}

/** A loop of writes that runs until it is stopped. */
export interface Writer {
  /** Ends the loop; throws the first error that was no deadlock. */
  readonly stop: () => Promise<void>;
}

/** Writes everything there is to write, over few rows, so that writers meet. */
export function startWriter(name: string, store: Store, acknowledged: Acknowledged): Writer {
  let stopping = false;
  const loop = (async () => {
    for (let n = 0; !stopping; n += 1) {
      try {
        await writeOne(name, n, store, acknowledged);
      } catch (error) {
        // A transaction that lost a deadlock is rolled back and was not acknowledged: a client's 500.
        if ((error as { code?: string }).code !== 'ER_LOCK_DEADLOCK') throw error;
      }
    }
  })();
  loop.catch(() => undefined);
  return {
    stop: async () => {
      stopping = true;
      await loop;
    },
  };
}

async function writeOne(name: string, n: number, store: Store, acknowledged: Acknowledged): Promise<void> {
  const requestId = `${name}-${n}`;
  const user = 1 + (n % 40);
  const item = 10_001 + ((n * 7) % 30);
  const note = (kind: string, fields: Record<string, string>): void => {
    acknowledged.set(`${kind} ${requestId}`, fields);
  };
  switch (n % 6) {
    case 0:
    case 1: {
      const cents = 1_00 + ((n * 12_347) % 9_999_000);
      const bid = { user, item, bidCents: cents, maxBidCents: cents + 5, quantity: 1, requestId };
      if (await store.bid(bid)) {
        note('bid', {
          ...{ user: `user${user}`, item: String(item), quantity: '1' },
          bid: text(cents),
          max_bid: text(cents + 5),
        });
      }
      return;
    }
    case 2: {
      const rating = [-5, -3, 0, 3, 5][n % 5] as number;
      const comment = `Größe & "quotes" \\ 😀 ${n}`;
      if (
        await store.comment({
          from: user,
          to: 50 + (n % 7),
          item: n % 2 ? item : 77,
          rating,
          text: comment,
          requestId,
        })
      ) {
        note('comment', {
          ...{ from_user: `user${user}`, to_user: `user${50 + (n % 7)}`, item: String(n % 2 ? item : 77) },
          ...{ rating: String(rating), comment },
        });
      }
      return;
    }
    case 3: {
      const bought = await store.buyNow({ user, item: 10_010, quantity: 1 + (n % 3), requestId });
      if (bought === 'bought')
        note('buy-now', { buyer: `user${user}`, item: '10010', quantity: String(1 + (n % 3)) });
      return;
    }
    case 4: {
      const description = `<b>${n}</b> ${'ä'.repeat(n % 300)}`;
      const cents = 1_00 + (n % 99_999);
      await store.sell({
        ...{
          seller: user,
          name: `Nº ${n}`,
          description,
          initialPriceCents: cents,
          reservePriceCents: cents + 1,
        },
        ...{ buyNowCents: 0, quantity: 3, durationDays: 2, category: 4, requestId },
      });
      note('item', {
        ...{
          seller: `user${user}`,
          category: '4',
          name: `Nº ${n}`,
          initial_price: text(cents),
          quantity: '3',
        },
        ...{ reserve_price: text(cents + 1), buy_now: '0.00' },
        description_sha: createHash('sha256').update(description).digest('hex'),
      });
      return;
    }
    default: {
      const nickname = `${name}_${n}`;
      const fields = { nickname, firstname: 'Zoë', lastname: `N${n}`, email: `${nickname}@auction.test` };
      const id = await store.register({ ...fields, passwordHash: 'f'.repeat(64), region: 9, requestId });
      if (typeof id !== 'number') return;
      note('user', { ...fields, region: '9' });
      // A newcomer is rated at once: their rating has to be there in both shapes.
      const comment = { from: user, to: id, item: 77, rating: 3, text: 'hello', requestId };
      if (!(await store.comment(comment))) return;
      note('comment', {
        ...{ from_user: `user${user}`, to_user: nickname, item: '77', rating: '3', comment: 'hello' },
      });
    }
  }
}

function text(cents: number): string {
  return (cents / 100).toFixed(2);
}
