/** What a client sends: its requests, their bodies, and bytes that cannot be forwarded yet. */
import { BodyReader } from './body.ts';
import type { ClientSocket } from './client-socket.ts';
import { MalformedMessage } from './fields.ts';
import { type RequestHead, readRequestHead } from './head.ts';

/** Limits in bytes: the head of a request, and what is kept beyond which the client is not read from. */
const HEAD_LIMIT = 65_536;
const KEPT_LIMIT = 65_536;
const HEAD_END = Buffer.from('\r\n\r\n');

/** What is kept of one connection: part of a head, the body of a request that waits, or later requests. */
export class Intake {
  private readonly client: ClientSocket;
  private kept: Buffer | undefined;
  /** The body that the latest request has still to send. */
  private body: BodyReader | undefined;

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

  /** Whether the latest request has a body that is not complete. */
  get bodyFollows(): boolean {
    return this.body !== undefined;
  }

  /**
   * Takes bytes between requests; keeps what is behind the head.
   * @returns the request, or undefined while its head is not complete
   * @throws MalformedMessage
   */
  request(bytes: Buffer): RequestHead | undefined {
    const head = this.head(bytes);
    if (head === undefined) {
      return undefined;
    }
    const request = readRequestHead(head);
    this.body = request.body === 0 ? undefined : new BodyReader(request.body);
    return request;
  }

  /**
   * Takes bytes of the request's body; keeps what is behind it.
   * @returns those of the body; `bodyFollows` tells whether they are the last
   * @throws MalformedMessage
   */
  bodyPart(bytes: Buffer): Buffer {
    const end = (this.body as BodyReader).take(bytes);
    if (end < 0) {
      return bytes;
    }
    this.body = undefined;
    if (end === bytes.length) {
      return bytes;
    }
    this.keep(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  /** Drops what has come of the request's body. @returns whether that was all of it @throws MalformedMessage */
  dropBody(): boolean {
    const bytes = this.bodyFollows ? this.take() : undefined;
    if (bytes !== undefined) {
      this.bodyPart(bytes);
    }
    return !this.bodyFollows;
  }

  /** The head up to and including its empty line, or undefined while it is not complete. */
  private head(bytes: Buffer): string | undefined {
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
