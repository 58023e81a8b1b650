/** Bytes read from a client that cannot be forwarded yet, and the heads of requests among them. */
import type { ClientSocket } from './client-socket.ts';
import { MalformedMessage } from './fields.ts';

/** Limits in bytes: the head of a request, and what is kept beyond which the client is not read from. */
const HEAD_LIMIT = 65_536;
const KEPT_LIMIT = 65_536;
const HEAD_END = Buffer.from('\r\n\r\n');

/** What is kept of one connection: part of a head, the body of a request that waits, or later requests. */
export class Intake {
  private readonly client: ClientSocket;
  private kept: Buffer | undefined;

  constructor(client: ClientSocket) {
    this.client = client;
  }

  /** Keeps bytes behind those kept already. */
  keep(bytes: Buffer): void {
    this.kept = this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]);
    if (this.kept.length > KEPT_LIMIT) {
      this.client.pause();
    }
  }

  /** Gives all that is kept, and keeps it no longer. */
  take(): Buffer | undefined {
    const bytes = this.kept;
    this.kept = undefined;
    this.client.resume();
    return bytes;
  }

  /**
   * Takes bytes between requests; keeps what is behind the head.
   * @returns the head up to and including its empty line, or undefined while it is not complete
   * @throws MalformedMessage when it is too long
   */
  head(bytes: Buffer): string | undefined {
    const all = withoutLeadingLines(this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]));
    const end = all.indexOf(HEAD_END);
    if (end > HEAD_LIMIT || (end < 0 && all.length > HEAD_LIMIT)) {
      throw new MalformedMessage(`head of more than ${HEAD_LIMIT} bytes`, 431);
    }
    const bodyStart = end < 0 ? 0 : end + HEAD_END.length;
    this.kept = all.length > bodyStart ? all.subarray(bodyStart) : undefined;
    return end < 0 ? undefined : all.toString('latin1', 0, bodyStart);
  }
}

/** Some clients send an empty line behind a body; it is to be ignored before a request line. */
function withoutLeadingLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 13 && bytes[start + 1] === 10) {
    start += 2;
  }
  return start === 0 ? bytes : bytes.subarray(start);
}
