/** At most one mirror at a time: started, stopped, and its latest counts. */
import { connect, type Socket } from 'node:net';
import { Mirror } from './mirror.ts';
import type { MirrorRequest, MirrorStatus } from './protocol.ts';

const CONNECT_TIMEOUT_MS = 2_000;
/** The most that may be asked for. */
const MAX_BUFFERED_BYTES = 268_435_456;
const MAX_BODY_BYTES = 33_554_432;
const MAX_NTH = 1_000_000;

/** Empty at first. */
export class MirrorSlot {
  /** The mirror that runs; undefined while nothing is mirrored. */
  current: Mirror | undefined;
  private starting = false;
  private last: MirrorStatus | undefined;

  /** Mirrors requests from now on. @throws if one runs already, a limit is out of range, or no tester answers */
  async start({ host, port, limits, everyNth }: MirrorRequest): Promise<MirrorStatus> {
    if (this.current !== undefined || this.starting) {
      throw new Error('mirror: one runs already; stop it before another is started');
    }
    requireWithin('port', port, 65_535);
    requireWithin('bufferedBytes', limits.bufferedBytes, MAX_BUFFERED_BYTES);
    requireWithin('bodyBytes', limits.bodyBytes, MAX_BODY_BYTES);
    requireWithin('everyNth', everyNth, MAX_NTH);
    this.starting = true;
    try {
      this.current = new Mirror(await connected(host, port), limits, everyNth);
    } finally {
      this.starting = false;
    }
    return this.current.status();
  }

  /** Mirrors no more. @throws if nothing is mirrored */
  async stop(): Promise<MirrorStatus> {
    const mirror = this.current;
    if (mirror === undefined) {
      throw new Error('mirror-stop: no mirror runs');
    }
    this.current = undefined;
    this.last = mirror.status();
    this.last = await mirror.stop();
    return this.last;
  }

  /** Counts of the mirror that runs, or of the last; undefined when there was none. */
  status(): MirrorStatus | undefined {
    return this.current?.status() ?? this.last;
  }
}

async function connected(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: Error): void => {
      socket.destroy();
      reject(new Error(`mirror: tester at ${host}:${port}: ${why}`, { cause }));
    };
    const timer = setTimeout(() => fail(`no connection within ${CONNECT_TIMEOUT_MS} ms`), CONNECT_TIMEOUT_MS);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      fail(error.message, error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

function requireWithin(what: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 1 || value > limit) {
    throw new Error(`mirror: ${what} ${value}: a whole number from 1 to ${limit} is wanted`);
  }
}
