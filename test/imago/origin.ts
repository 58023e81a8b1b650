/** A system of one server that the interceptor can stand before, and a client that says exactly what it is told. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { UpstreamAddress } from '../../harness/imago/ingress/protocol.ts';
import {
  type Authority,
  type CertificateRequest,
  trialValidity,
} from '../../harness/provision/certificates.ts';

export const SITE = 'auction.test';

/** A server with what it saw. */
export interface Origin {
  readonly address: UpstreamAddress;
  /** `METHOD path` of every request, in order. */
  readonly seen: string[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server. @param certificate - what differs from a sound certificate of the site */
export async function startOrigin(
  authority: Authority,
  handler: Handler,
  certificate: Partial<CertificateRequest> = {},
): Promise<Origin> {
  const issued = await issue(authority, certificate);
  const seen: string[] = [];
  const server = createServer({ cert: issued.certificate, key: issued.key }, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  const continued = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeContinue();
    server.emit('request', request, response);
  };
  server.on('checkContinue', continued);
  return serve(server, authority, seen);
}

/** A TLS server that does what a handler of sockets says, once for each connection. */
export async function startRawOrigin(
  authority: Authority,
  handler: (socket: TLSSocket) => void,
): Promise<Origin> {
  const issued = await issue(authority, {});
  const server = createTlsServer({ cert: issued.certificate, key: issued.key }, (socket) => {
    socket.on('error', () => {});
    handler(socket);
  });
  return serve(server, authority, []);
}

function issue(authority: Authority, certificate: Partial<CertificateRequest>) {
  return authority.issue({
    commonName: SITE,
    alternativeNames: [SITE],
    ...trialValidity(),
    ...certificate,
  });
}

async function serve(
  server: ReturnType<typeof createTlsServer>,
  authority: Authority,
  seen: string[],
): Promise<Origin> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('secureConnection', () => {
    accepted += 1;
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port, serverName: SITE, ca: authority.certificate },
    seen,
    connections: () => accepted,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

/** A client on one connection. */
export class RawClient {
  received = '';
  ended = false;
  /** Code of the error that ended the connection, such as ECONNRESET. */
  error: string | undefined;
  readonly socket: Socket;
  private readonly wake = new Set<() => void>();

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1');
      this.tell();
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    this.socket.on('close', () => {
      this.ended = true;
      this.tell();
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Sends a request without a body. */
  get(path: string, fields = ''): this {
    return this.send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}\r\n`);
  }

  /** Waits until the text has arrived; rejects if the connection ends before. */
  async until(text: string): Promise<string> {
    await this.when(() => this.received.includes(text) || this.ended);
    if (!this.received.includes(text)) {
      throw new Error(`connection ended without ${JSON.stringify(text)}: ${JSON.stringify(this.received)}`);
    }
    return this.received;
  }

  /** Everything that arrived until the connection ended. */
  async untilEnd(): Promise<string> {
    await this.when(() => this.ended);
    return this.received;
  }

  private async when(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.wake.delete(wake);
          resolve();
        };
        this.wake.add(wake);
      });
    }
  }

  private tell(): void {
    for (const wake of [...this.wake]) {
      wake();
    }
  }
}

/** Waits for something that comes about by itself; mocha's own timeout bounds it. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
