/** A site of one server for each universe, and a mirror that tells the tester of requests as the ingress does. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Comparison } from '../../../harness/contract/difference.ts';
import type { UpstreamAddress } from '../../../harness/imago/ingress/protocol.ts';
import { encodeFrame } from '../../../harness/imago/mirror-frames.ts';
import type { TesterCommand, TesterLimits, TesterVerdict } from '../../../harness/imago/testing/protocol.ts';
import type { LiveRequest, SiteAnswer } from '../../../harness/imago/testing/raw-message.ts';
import { SiteClient } from '../../../harness/imago/testing/site-client.ts';
import { Tester } from '../../../harness/imago/testing/tester.ts';

/** Nothing declared. */
export const NOTHING_DECLARED: Comparison = { differences: [], footprints: [], paths: [] };

/** One request as a test writes it. */
export interface Ask {
  readonly target: string;
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  readonly cookie?: string;
}

/** A page with a body of a test's own. */
export function page(response: ServerResponse, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(
    `<!doctype html><html><head><title>Shop</title></head><body data-page="P">${body}</body></html>`,
  );
}

/** The form of a request that reached a site. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return new URLSearchParams(text);
}

/** Stands where clients and the ingress would be: asks the old universe and tells the tester of both. */
export class Mirror {
  private readonly old: SiteClient;
  private readonly socket: Socket;
  private number = 0;

  private constructor(old: UpstreamAddress, socket: Socket) {
    this.old = new SiteClient(old, { maxAtOnce: 16, answerTimeoutMs: 5_000 });
    this.socket = socket;
  }

  static async connect(old: UpstreamAddress, port: number): Promise<Mirror> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return new Mirror(old, socket);
  }

  /** A client's request: the old universe's answer is what the client got. */
  async client(ask: Ask): Promise<SiteAnswer> {
    const body = Buffer.from(ask.form === undefined ? '' : new URLSearchParams(ask.form).toString());
    const method = ask.form === undefined ? 'GET' : 'POST';
    const fields = [
      ['accept', '*/*'],
      ...(ask.cookie === undefined ? [] : [['cookie', ask.cookie]]),
      ...(method === 'POST' ? [['content-type', 'application/x-www-form-urlencoded']] : []),
    ] as [string, string][];
    const live: LiveRequest = { method, target: ask.target, fields, body };
    this.number += 1;
    const number = this.number;
    const head = [...fields, ['host', 'x'], ['content-length', String(body.length)]];
    this.socket.write(
      encodeFrame(
        {
          ...{ kind: 'request', number, atMs: 0, requestLine: `${method} ${ask.target} HTTP/1.1\r\n` },
          ...{ headers: `${head.map((field) => field.join(': ')).join('\r\n')}\r\n\r\n` },
          ...{ bodyBytes: body.length, truncated: false },
        },
        [body],
      ),
    );
    const answer = await this.old.ask(live);
    const answered = answer.body ?? Buffer.alloc(0);
    // As the server framed it: the client under it has taken chunks and all away.
    const kept = answer.fields.filter(([name]) => name !== 'transfer-encoding');
    this.socket.write(
      encodeFrame(
        {
          ...{ kind: 'answer', number, status: answer.status, tookMs: 1 },
          ...{ headers: `${kept.map((field) => field.join(': ')).join('\r\n')}\r\n\r\n` },
          ...{ bodyBytes: answered.length, truncated: false },
        },
        [answered],
      ),
    );
    return answer;
  }

  close(): void {
    this.old.close();
    this.socket.destroy();
  }
}

/** Starts a tester between two sites, runs a test's requests through the mirror and gives the verdict. */
export async function judge(
  sites: { readonly old: UpstreamAddress; readonly new: UpstreamAddress },
  asks: readonly Ask[],
  options: {
    readonly comparison?: Partial<Comparison>;
    readonly limits?: Partial<TesterLimits>;
    readonly minimumCompared?: number;
    readonly timeoutMs?: number;
    readonly before?: readonly TesterCommand[];
    /** So many are to be compared, and all that has begun judged, before the verdict that is given is asked for. */
    readonly comparedFirst?: number;
    /** Requests of clients while the verdict is waited for. */
    readonly meanwhile?: readonly Ask[];
  } = {},
): Promise<TesterVerdict> {
  const tester = new Tester();
  const comparison = { ...NOTHING_DECLARED, ...options.comparison };
  const limits = {
    requestsPerSecond: 1_000,
    oldReadsPerSecond: 200,
    pausesMs: [30, 90, 270],
    ...options.limits,
  };
  await tester.carryOut({ command: 'connect', ...sites, listenPort: 0, comparison, limits });
  for (const command of options.before ?? []) await tester.carryOut(command);
  const { port } = (await tester.carryOut({ command: 'start' })) as { port: number };
  const mirror = await Mirror.connect(sites.old, port);
  try {
    for (const ask of asks) await mirror.client(ask);
    if (options.comparedFirst !== undefined)
      await tester.carryOut({
        command: 'verdict',
        minimumCompared: options.comparedFirst,
        timeoutMs: 8_000,
      });
    const verdict = tester.carryOut({
      command: 'verdict',
      minimumCompared: options.minimumCompared ?? asks.length,
      timeoutMs: options.timeoutMs ?? 8_000,
    });
    for (const ask of options.meanwhile ?? []) await mirror.client(ask);
    return (await verdict) as TesterVerdict;
  } finally {
    mirror.close();
    await tester.carryOut({ command: 'stop' });
  }
}
