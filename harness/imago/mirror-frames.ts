/**
 * What the ingress interceptor tells the tester about live requests, and how it is put on one connection: frames
 * of a length-prefixed JSON header and raw bytes. Two numbers of four bytes, big-endian, are in front of each
 * frame: bytes of the header, bytes of the body.
 */

/** A live request, told once all of it has been forwarded. */
export interface MirroredRequest {
  readonly kind: 'request';
  /** Counts the requests mirrored since `mirror`; gaps are requests that were dropped. */
  readonly number: number;
  /** When it was forwarded: milliseconds of the monotonic clock (`process.hrtime`). */
  readonly atMs: number;
  /** With its line end. */
  readonly requestLine: string;
  /**
   * Fields as the system gets them, latin1, with the empty line behind: cookies as the client sent them, Host
   * as the site's name, nothing that is for one hop. Request line, fields and body can be sent on as they are.
   */
  readonly headers: string;
  /** Length of the whole body as sent, chunks and all; the frame's bytes are fewer when `truncated`. */
  readonly bodyBytes: number;
  /** The body is longer than the limit, or the client never sent all of it. */
  readonly truncated: boolean;
}

/** The system's answer to a live request, told once the client was given all of it. */
export interface MirroredAnswer {
  readonly kind: 'answer';
  readonly number: number;
  readonly status: number;
  /** Fields as the system sent them, latin1, with the empty line behind. */
  readonly headers: string;
  /** Length of the whole body as received, chunks and all; the frame's bytes are fewer when `truncated`. */
  readonly bodyBytes: number;
  readonly truncated: boolean;
  /** Milliseconds from forwarding the request's head to the end of the answer. */
  readonly tookMs: number;
}

/** No answer will be told for this request: it broke, or the mirror had no room for the answer (`dropped`). */
export interface MirroredLoss {
  readonly kind: 'lost';
  readonly number: number;
  readonly reason: string;
}

/** The header of a frame. For each request told, an answer or a loss follows, in any order among requests. */
export type MirrorMessage = MirroredRequest | MirroredAnswer | MirroredLoss;

const PREFIX_BYTES = 8;
/** Limits in bytes: a header holds a message's head, of 64 KiB at most, escaped. */
const HEADER_LIMIT = 262_144;
const BODY_LIMIT = 67_108_864;
const NOTHING = Buffer.alloc(0);

/** One frame, ready to be written. @param parts - the body, in order */
export function encodeFrame(header: MirrorMessage, parts: readonly Uint8Array[] = []): Buffer {
  const json = JSON.stringify(header);
  const headerBytes = Buffer.byteLength(json);
  let bodyBytes = 0;
  for (const part of parts) {
    bodyBytes += part.length;
  }
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + headerBytes + bodyBytes);
  frame.writeUInt32BE(headerBytes, 0);
  frame.writeUInt32BE(bodyBytes, 4);
  frame.write(json, PREFIX_BYTES);
  let at = PREFIX_BYTES + headerBytes;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Takes frames apart as their bytes arrive, however they are cut. */
export class FrameReader {
  private readonly onFrame: (header: MirrorMessage, body: Buffer) => void;
  private readonly pieces: Buffer[] = [];
  private gathered = 0;
  /** Bytes that are needed to go on. */
  private wanted = PREFIX_BYTES;
  private headerBytes = 0;
  /** Undefined between frames. */
  private bodyBytes: number | undefined;

  /** @param onFrame - called for each frame; the body is its own and may be kept */
  constructor(onFrame: (header: MirrorMessage, body: Buffer) => void) {
    this.onFrame = onFrame;
  }

  /** Takes the next bytes. @throws on bytes that are no frames; nothing can be read after that */
  take(bytes: Buffer): void {
    this.pieces.push(bytes);
    this.gathered += bytes.length;
    while (this.gathered >= this.wanted) {
      const all = this.pieces.length === 1 ? (this.pieces[0] as Buffer) : Buffer.concat(this.pieces);
      this.pieces.length = 0;
      const rest = all.subarray(this.wanted);
      const taken = all.subarray(0, this.wanted);
      this.gathered = rest.length;
      if (rest.length > 0) {
        this.pieces.push(rest);
      }
      this.advance(taken);
    }
  }

  /** Whether the bytes so far end between two frames. */
  get between(): boolean {
    return this.gathered === 0 && this.bodyBytes === undefined;
  }

  private advance(taken: Buffer): void {
    if (this.bodyBytes === undefined) {
      this.headerBytes = taken.readUInt32BE(0);
      this.bodyBytes = taken.readUInt32BE(4);
      if (this.headerBytes > HEADER_LIMIT || this.bodyBytes > BODY_LIMIT) {
        throw new Error(
          `mirror frame: header of ${this.headerBytes} and body of ${this.bodyBytes} bytes: at most ` +
            `${HEADER_LIMIT} and ${BODY_LIMIT} are allowed`,
        );
      }
      this.wanted = this.headerBytes + this.bodyBytes;
      return;
    }
    const header = readHeader(taken.toString('utf8', 0, this.headerBytes));
    const body = this.bodyBytes === 0 ? NOTHING : Buffer.from(taken.subarray(this.headerBytes));
    this.bodyBytes = undefined;
    this.wanted = PREFIX_BYTES;
    this.onFrame(header, body);
  }
}

function readHeader(json: string): MirrorMessage {
  let header: Partial<MirrorMessage> | null;
  try {
    header = JSON.parse(json) as Partial<MirrorMessage> | null;
  } catch (error) {
    throw new Error(`mirror frame: a header is no JSON: ${json.slice(0, 80)}`, { cause: error });
  }
  const kind = header?.kind;
  if ((kind !== 'request' && kind !== 'answer' && kind !== 'lost') || !Number.isSafeInteger(header?.number)) {
    throw new Error(`mirror frame: header ${json.slice(0, 80)}: a request, an answer or a loss is wanted`);
  }
  return header as MirrorMessage;
}
