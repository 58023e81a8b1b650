/** Asks one universe at its entry, as clients do: TLS with certificate and name verified, connections kept. */
import { Agent, request as httpsRequest } from 'node:https';
import type { UpstreamAddress } from '../ingress/protocol.ts';
import { decoded, type Field, fieldValue, type LiveRequest, type SiteAnswer } from './raw-message.ts';

/** A larger answer is kept without its body. */
const BODY_LIMIT = 1_048_576;

/** How a universe is asked. */
export interface SiteClientOptions {
  readonly maxAtOnce: number;
  readonly answerTimeoutMs: number;
}

/** One universe. */
export class SiteClient {
  /** Requests made since the start. */
  sent = 0;
  private readonly address: UpstreamAddress;
  private readonly agent: Agent;
  private readonly options: SiteClientOptions;
  private underWay = 0;
  private readonly idle: (() => void)[] = [];

  constructor(address: UpstreamAddress, options: SiteClientOptions) {
    this.address = address;
    this.options = options;
    this.agent = new Agent({
      host: address.host,
      port: address.port,
      servername: address.serverName,
      ca: address.ca,
      ALPNProtocols: ['http/1.1'],
      keepAlive: true,
      // Below the servers' own limits, so that a connection is not closed by them as it is used again.
      timeout: 4_000,
      maxSockets: options.maxAtOnce,
    });
  }

  /** Requests under way or waiting for a connection. */
  get busy(): number {
    return this.underWay;
  }

  /** Asks once. @throws when there is no complete answer in time; the message says what was seen instead */
  async ask(request: LiveRequest): Promise<SiteAnswer> {
    this.sent += 1;
    this.underWay += 1;
    try {
      return await this.exchange(request);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  /** Resolves once nothing is under way; each request ends within its time limit. */
  async quiet(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Ends the kept connections. */
  close(): void {
    this.agent.destroy();
  }

  private exchange({ method, target, fields, body }: LiveRequest): Promise<SiteAnswer> {
    const { answerTimeoutMs } = this.options;
    const hasBody = body.length > 0 || (method !== 'GET' && method !== 'HEAD');
    const headers = [
      ...['Host', this.address.serverName],
      ...fields.flat(),
      ...(hasBody ? ['Content-Length', String(body.length)] : []),
    ];
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        { agent: this.agent, method, path: target, headers, setHost: false },
        (incoming) => {
          const pieces: Buffer[] = [];
          let bytes = 0;
          incoming.on('data', (piece: Buffer) => {
            bytes += piece.length;
            if (bytes <= BODY_LIMIT) pieces.push(piece);
          });
          incoming.on('error', reject);
          incoming.on('end', () => {
            const answered = pairs(incoming.rawHeaders);
            resolve({
              status: incoming.statusCode ?? 0,
              fields: answered,
              body:
                bytes > BODY_LIMIT
                  ? undefined
                  : decoded(Buffer.concat(pieces), fieldValue(answered, 'content-encoding')),
            });
          });
        },
      );
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no complete answer within ${answerTimeoutMs} ms`)),
        answerTimeoutMs,
      );
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('error', reject);
      outgoing.end(hasBody ? body : undefined);
    });
  }
}

function pairs(rawHeaders: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    fields.push([(rawHeaders[index] as string).toLowerCase(), rawHeaders[index + 1] as string]);
  return fields;
}
