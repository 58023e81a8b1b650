/**
 * Tells live requests and their answers to the tester, over one connection. Nothing here ever waits or throws:
 * what does not fit into the buffer, or comes when the tester is gone, is dropped and counted.
 */
import type { Socket } from 'node:net';
import { encodeFrame, type MirrorMessage } from '../mirror-frames.ts';
import type { MirrorLimits, MirrorStatus } from './protocol.ts';
import { Recording } from './recording.ts';

/** How long the tester may take to read what is left when the mirror is stopped. */
const LAST_WORDS_MS = 500;
/**
 * Messages are gathered for this long, or until there are so many bytes, and written at once: a system call and
 * a tester awake for each would compete with the requests that they tell of.
 */
const GATHER_MS = 2;
const GATHER_BYTES = 131_072;

/** A mirror to a tester that is connected. */
export class Mirror {
  private readonly socket: Socket;
  private readonly limits: MirrorLimits;
  private readonly everyNth: number;
  private connected = true;
  private sent = 0;
  private dropped = 0;
  private seen = 0;
  private begun = 0;
  /** Bytes kept: bodies being recorded, frames not yet written, and frames that the connection has not taken. */
  private keptBytes = 0;
  private frames: Buffer[] = [];
  private framesBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly open = new Set<Recording>();

  /**
   * @param socket - connected to the tester
   * @param everyNth - 1 mirrors every request, 2 every second one
   */
  constructor(socket: Socket, limits: MirrorLimits, everyNth: number) {
    this.socket = socket;
    this.limits = limits;
    this.everyNth = everyNth;
    socket.setNoDelay(true);
    // Always followed by `close`. Why the tester left is for its owner to find; here nothing depends on it.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.connected = false;
    });
    // The tester says nothing; reading is how its end is noticed.
    socket.resume();
  }

  /** Follows a request that is forwarded now; undefined when it is left out or there is no room for it. */
  begin(atMs: number, requestLine: string, headers: string): Recording | undefined {
    this.seen += 1;
    if (this.seen % this.everyNth !== 0) {
      return undefined;
    }
    this.begun += 1;
    if (!this.connected || !this.keep(requestLine.length + headers.length)) {
      this.dropped += 1;
      return undefined;
    }
    const recording = new Recording(this, this.limits.bodyBytes, {
      kind: 'request',
      number: this.begun,
      atMs,
      requestLine,
      headers,
    });
    this.open.add(recording);
    return recording;
  }

  /** Takes room for bytes; false when there is none. */
  keep(bytes: number): boolean {
    if (this.keptBytes + bytes > this.limits.bufferedBytes) {
      return false;
    }
    this.keptBytes += bytes;
    return true;
  }

  /** Gives room back. */
  free(bytes: number): void {
    this.keptBytes -= bytes;
  }

  /** A message that there was no room for. */
  drop(): void {
    this.dropped += 1;
  }

  /** Sends a message whose bytes are kept no more. A loss always has room: it is small, and one for each request. */
  tell(message: MirrorMessage, parts?: readonly Uint8Array[]): boolean {
    const frame = encodeFrame(message, parts);
    if (!this.connected || (message.kind !== 'lost' && !this.keep(frame.length))) {
      this.dropped += 1;
      return false;
    }
    if (message.kind === 'lost') {
      this.keptBytes += frame.length;
    }
    this.frames.push(frame);
    this.framesBytes += frame.length;
    if (this.framesBytes >= GATHER_BYTES) {
      this.write();
    } else {
      this.timer ??= setTimeout(() => this.write(), GATHER_MS);
    }
    return true;
  }

  /** A recording has told all that it will. */
  forget(recording: Recording): void {
    this.open.delete(recording);
  }

  status(): MirrorStatus {
    return { sent: this.sent, dropped: this.dropped, connected: this.connected };
  }

  /** Ends the mirror; requests that were told and have no answer yet are told as lost. Counts are final then. */
  async stop(): Promise<MirrorStatus> {
    for (const recording of this.open) {
      recording.lost('mirror-stopped');
    }
    this.write();
    if (this.connected) {
      const closed = new Promise((resolve) => this.socket.once('close', resolve));
      this.socket.end();
      const timer = setTimeout(() => this.socket.destroy(), LAST_WORDS_MS);
      await closed;
      clearTimeout(timer);
    }
    // What a write came to is told a moment after its connection closed.
    await new Promise((resolve) => setImmediate(resolve));
    return this.status();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const frames = this.frames;
    if (frames.length === 0) {
      return;
    }
    this.frames = [];
    this.framesBytes = 0;
    const bytes = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
    this.socket.write(bytes, (error) => {
      this.keptBytes -= bytes.length;
      if (error) {
        this.dropped += frames.length;
      } else {
        this.sent += frames.length;
      }
    });
  }
}
