/** Listens for the ingress' mirror and pairs its requests with their answers. */
import { createServer, type Server, type Socket } from 'node:net';
import { FrameReader, type MirrorMessage } from '../mirror-frames.ts';
import type { Begun, LiveComparison } from './live-comparison.ts';
import { readAnswer, readLiveRequest } from './raw-message.ts';

/** The ingress has one connection; a second comes when it connects anew. */
const MAX_CONNECTIONS = 4;
/** An answer that is not told by then will not be. */
const FORGOTTEN_AFTER_MS = 30_000;

/** A listener for mirror connections. */
export interface MirrorIntake {
  readonly port: number;
  /** Takes nothing more. */
  readonly close: () => Promise<void>;
}

/** Starts to listen. @param port - 0 for any @throws if the port cannot be listened on */
export async function listenForMirror(
  port: number,
  comparison: LiveComparison,
  options: { readonly maxWaiting: number; readonly nowMs: () => number },
): Promise<MirrorIntake> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => comparison.tally.drop('mirror-connection-broken'));
    serve(socket, comparison, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(`tester: cannot listen for the mirror on port ${port}: ${error.message}`, { cause: error }),
      ),
    );
    server.listen(port, resolve);
  });
}

function serve(
  socket: Socket,
  comparison: LiveComparison,
  options: { readonly maxWaiting: number; readonly nowMs: () => number },
): void {
  const waiting = new Waiting(comparison, options);
  const reader = new FrameReader((message, body) => waiting.take(message, body));
  socket.on('data', (bytes: Buffer) => {
    try {
      reader.take(bytes);
    } catch {
      // Frames cannot be found again in what follows.
      comparison.tally.drop('mirror-connection-broken');
      socket.destroy();
    }
  });
}

/** Requests of one connection whose answers are awaited; the numbers are the connection's own. */
class Waiting {
  private readonly begun = new Map<number, Begun & { readonly sinceMs: number }>();
  private readonly comparison: LiveComparison;
  private readonly maxWaiting: number;
  private readonly nowMs: () => number;

  constructor(
    comparison: LiveComparison,
    options: { readonly maxWaiting: number; readonly nowMs: () => number },
  ) {
    this.comparison = comparison;
    this.maxWaiting = options.maxWaiting;
    this.nowMs = options.nowMs;
  }

  take(message: MirrorMessage, body: Buffer): void {
    switch (message.kind) {
      case 'request':
        if (message.truncated) this.comparison.tally.drop('request-truncated');
        else this.begin(message.number, message.requestLine, message.headers, body);
        return;
      case 'answer': {
        const begun = this.forget(message.number);
        if (begun === undefined) return;
        const whole = message.truncated ? undefined : body;
        try {
          this.comparison.answered(begun, readAnswer(message.status, message.headers, whole));
        } catch {
          this.comparison.tally.drop('answer-unreadable');
        }
        return;
      }
      case 'lost':
        if (this.forget(message.number)?.fresh !== undefined) this.comparison.tally.drop('old-answer-lost');
        return;
    }
  }

  private begin(number: number, requestLine: string, headers: string, body: Buffer): void {
    const [oldest] = this.begun;
    if (this.begun.size >= this.maxWaiting) {
      if (oldest === undefined || this.nowMs() - oldest[1].sinceMs < FORGOTTEN_AFTER_MS) {
        this.comparison.tally.drop('too-many-waiting');
        return;
      }
      this.begun.delete(oldest[0]);
      this.comparison.tally.drop('old-answer-lost');
    }
    try {
      const begun = this.comparison.begin(readLiveRequest(requestLine, headers, body));
      if (begun !== undefined) this.begun.set(number, { ...begun, sinceMs: this.nowMs() });
    } catch {
      this.comparison.tally.drop('request-unreadable');
    }
  }

  private forget(number: number): Begun | undefined {
    const begun = this.begun.get(number);
    this.begun.delete(number);
    return begun;
  }
}
