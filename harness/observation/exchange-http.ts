/** One HTTP request on a connection of its own, in bounded time and size. */
import http from 'node:http';
import https from 'node:https';
import type { UpstreamAddress } from '../imago/ingress/protocol.ts';

/** Larger answers are not pages of ours. */
const MAX_BODY_BYTES = 4_000_000;

/** Where exchanges are made: a port of 127.0.0.1, where the ingress is, or a universe's entry over TLS. */
export type ExchangeSite = number | UpstreamAddress;

/** Where and how to ask. */
export interface HttpAsk {
  readonly site: ExchangeSite;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `Cookie` header; empty for none. */
  readonly cookie: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** Connection options: a universe's entry is verified as clients do, by its name and their authority. */
function destination(site: ExchangeSite): https.RequestOptions {
  if (typeof site === 'number') return { host: '127.0.0.1', port: site };
  return { host: site.host, port: site.port, servername: site.serverName, ca: site.ca };
}

/**
 * Asks once: no redirects, no retries, no kept connection.
 * @param form body of a POST, URL-encoded
 * @throws when there is no complete answer in time; the message says what was seen instead
 */
export function request(ask: HttpAsk, form: string | undefined): Promise<HttpAnswer> {
  const { site, method, path, cookie, timeoutMs, signal } = ask;
  const timer = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        timer.aborted ? new Error(`no complete answer within ${timeoutMs} ms`, { cause: error }) : error,
      );
    const outgoing = (typeof site === 'number' ? http : https).request(
      {
        ...destination(site),
        method,
        path,
        agent: false,
        signal: AbortSignal.any([timer, signal]),
        headers: {
          ...(typeof site === 'number' ? {} : { host: site.serverName }),
          ...(cookie === '' ? {} : { cookie }),
          ...(form === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(form),
              }),
        },
      },
      (incoming) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > MAX_BODY_BYTES)
            outgoing.destroy(new Error(`an answer of more than ${MAX_BODY_BYTES} bytes`));
          else pieces.push(piece);
        });
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            setCookies: incoming.headers['set-cookie'] ?? [],
            body: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', fail);
    outgoing.end(form);
  });
}
