/** Makes exchanges with a system, as a client with a cookie jar would, in bounded time. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../contract/exchange.ts';
import { CookieJar } from './exchange-cookies.ts';
import { type ExchangeSite, type HttpAnswer, request } from './exchange-http.ts';

/** Longest time for one exchange, and for one whole list. */
const EXCHANGE_TIMEOUT_MS = 5_000;
const LIST_TIMEOUT_MS = 30_000;
/** Copies that may run at once: more would test this process's sockets, not the system. */
export const MAX_CONCURRENCY = 200;

/** A client that outlives a run of exchanges: its cookies, and what it captured. */
export class ExchangeClient {
  readonly jar = new CookieJar();
  readonly captured = new Map([['unique', randomBytes(6).toString('hex')]]);
}

/** How a run of exchanges went. */
export interface ExchangesResult {
  readonly held: boolean;
  /** The first failure, and how many copies failed; empty when all held. */
  readonly reason: string;
  readonly failedCopies: number;
  /** From the run's beginning to the first failure; null when all held. */
  readonly firstFailureMs: number | null;
}

/** How a list of exchanges is run. */
export interface ExchangesOptions {
  /** Copies of the list at the same time, each with its own cookies. */
  readonly concurrency: number;
  /** For the whole list; default `LIST_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Who asks; where there is one, there is one copy. A new client for each copy when absent. */
  readonly client?: ExchangeClient;
  /** Told of each answer, with the request that it answers; for those who account for writes. */
  readonly onAnswer?: (asked: AskedExchange, answer: HttpAnswer) => void;
}

/** A request as it was made, placeholders filled. */
export interface AskedExchange {
  readonly method: Exchange['method'];
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/**
 * Runs copies of the list against a site; a copy ends at its first failure. Answers other than expected are
 * results, never thrown.
 * @throws when `concurrency` is not from 1 to `MAX_CONCURRENCY`, or not 1 where one client asks
 */
export async function runExchanges(
  site: ExchangeSite,
  exchanges: readonly Exchange[],
  options: ExchangesOptions,
): Promise<ExchangesResult> {
  const { concurrency } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)
    throw new Error(`run exchanges: concurrency must be from 1 to ${MAX_CONCURRENCY}, saw ${concurrency}`);
  if (options.client !== undefined && concurrency !== 1)
    throw new Error(`run exchanges: one client asks one thing at a time, saw concurrency ${concurrency}`);
  const startNs = process.hrtime.bigint();
  let firstFailureMs: number | null = null;
  const failures = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const failure = await runCopy(site, exchanges, options);
      if (failure !== '') firstFailureMs ??= Number(process.hrtime.bigint() - startNs) / 1e6;
      return failure;
    }),
  );
  const failed = failures.filter((failure) => failure !== '');
  const share = concurrency === 1 ? '' : `${failed.length} of ${concurrency} copies failed, one: `;
  return {
    held: failed.length === 0,
    reason: failed.length === 0 ? '' : `${share}${failed[0]}`,
    failedCopies: failed.length,
    firstFailureMs,
  };
}

/** One copy of the list: the first failure, or an empty text. */
async function runCopy(
  site: ExchangeSite,
  exchanges: readonly Exchange[],
  options: ExchangesOptions,
): Promise<string> {
  const timeoutMs = options.timeoutMs ?? LIST_TIMEOUT_MS;
  const { jar, captured } = options.client ?? new ExchangeClient();
  const deadline = new AbortController();
  const run = async (): Promise<string> => {
    for (const exchange of exchanges) {
      const failure = await runOne(site, exchange, { jar, captured, signal: deadline.signal, ...options });
      if (failure !== '') return failure;
    }
    return '';
  };
  const expire = async (): Promise<string> => {
    await delay(timeoutMs, undefined, { signal: deadline.signal }).catch(() => undefined);
    return `${exchanges.length} exchanges took more than ${timeoutMs} ms`;
  };
  try {
    return await Promise.race([run(), expire()]);
  } finally {
    deadline.abort();
  }
}

/** What one copy of a list remembers between its exchanges. */
interface Walk extends Pick<ExchangesOptions, 'onAnswer'> {
  readonly jar: CookieJar;
  readonly captured: Map<string, string>;
  readonly signal: AbortSignal;
}

async function runOne(site: ExchangeSite, exchange: Exchange, walk: Walk): Promise<string> {
  const { method, expect } = exchange;
  const { jar, captured, signal } = walk;
  const path = filled(exchange.path, captured);
  const form = Object.fromEntries(
    Object.entries(exchange.form ?? {}).map(([name, value]) => [name, filled(value, captured)]),
  );
  let answer: HttpAnswer;
  try {
    answer = await request(
      { site, method, path, cookie: jar.header(), timeoutMs: EXCHANGE_TIMEOUT_MS, signal },
      method === 'POST' ? new URLSearchParams(form).toString() : undefined,
    );
  } catch (error) {
    return `${method} ${path}: ${(error as Error).message}`;
  }
  walk.onAnswer?.({ method, path, form }, answer);
  jar.take(answer.setCookies);
  const seen = `saw ${answer.status} ${JSON.stringify(excerptOf(answer.body))}`;
  if (answer.status !== expect.status) return `${method} ${path}: expected status ${expect.status}, ${seen}`;
  for (const text of expect.contains.map((one) => filled(one, captured)))
    if (!answer.body.includes(text))
      return `${method} ${path}: expected ${JSON.stringify(text.slice(0, 100))} in the answer, ${seen}`;
  for (const [name, pattern] of Object.entries(exchange.capture ?? {})) {
    const match = new RegExp(pattern).exec(answer.body)?.[1];
    if (match === undefined)
      return `${method} ${path}: expected a match of ${pattern} in the answer, ${seen}`;
    captured.set(name, match);
  }
  return '';
}

/** @throws when a placeholder names nothing that was captured: a mistake of the scenario */
function filled(text: string, captured: ReadonlyMap<string, string>): string {
  return text.replaceAll(/@@([a-z-]+)@@/g, (_, name: string) => {
    const value = captured.get(name);
    if (value === undefined) throw new Error(`run exchanges: nothing was captured as ${name} before ${text}`);
    return value;
  });
}

/** The page's own description of itself, or else how it begins. */
function excerptOf(body: string): string {
  return (/<body[^>]*>/.exec(body)?.[0] ?? body).slice(0, 160);
}
