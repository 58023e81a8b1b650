/** A tester that only notes what the interceptor's mirror tells it. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { FrameReader, type MirrorMessage } from '../../harness/imago/mirror-frames.ts';

/** What one tester was told. */
export interface Tester {
  readonly port: number;
  /** Each message with its body as latin1, in order. */
  readonly told: [MirrorMessage, string][];
  /** The interceptor's connection, once it is there. */
  readonly socket: () => Socket | undefined;
  readonly close: () => Promise<void>;
}

/** @param reads - false for a tester that takes nothing from its connection */
export async function startTester(reads = true): Promise<Tester> {
  const told: [MirrorMessage, string][] = [];
  let latest: Socket | undefined;
  const server = createServer((socket) => {
    latest = socket;
    socket.on('error', () => {});
    const reader = new FrameReader((header, body) => told.push([header, body.toString('latin1')]));
    if (reads) {
      socket.on('data', (bytes) => reader.take(bytes));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    told,
    socket: () => latest,
    close: async () => {
      latest?.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
