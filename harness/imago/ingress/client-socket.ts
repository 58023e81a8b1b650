/** A client's socket: what is written is counted, and it can be ended in the ways that clients tell apart. */
import type { Socket } from 'node:net';
import type { Counts } from './counts.ts';

/** How long a client may take to read the last of an answer before its connection is cut. */
const LINGER_MS = 2_000;

/** One accepted connection. */
export class ClientSocket {
  private readonly socket: Socket;
  private readonly counts: Counts;

  constructor(socket: Socket, counts: Counts) {
    this.socket = socket;
    this.counts = counts;
    socket.setNoDelay(true);
    // Always followed by `close`, which says all that matters: the client is gone.
    socket.on('error', () => {});
  }

  /** Writes text as latin1, or bytes; false when the writer should wait until the client keeps up. */
  write(bytes: Buffer | string): boolean {
    this.counts.bytesToClients += bytes.length;
    return typeof bytes === 'string' ? this.socket.write(bytes, 'latin1') : this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends an idle connection, as a server does whose patience is over. */
  endIdle(): void {
    this.socket.end();
  }

  /** Ends behind an answer, still reading: to close with bytes unread would reset it before the answer is read. */
  end(): void {
    this.socket.end();
    this.socket.resume();
    this.linger();
  }

  /** Breaks off as the upstream broke its own connection, behind what was written already. */
  breakOff(wasReset: boolean): void {
    if (wasReset) {
      this.socket.resetAndDestroy();
    } else {
      this.linger();
      this.socket.destroySoon();
    }
  }

  /** Cuts at once. */
  destroy(): void {
    this.socket.destroy();
  }

  private linger(): void {
    this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
  }
}
