/** Finds where the body of an HTTP/1.x message ends in a stream of bytes that are passed on as they are. */
import { MalformedMessage } from './fields.ts';
import { type BodyLength, CHUNKED, UNTIL_CLOSE } from './head.ts';

const CR = 13;
const LF = 10;
const SEMICOLON = 59;
/** Limit on a chunk's size line and on the trailers, in bytes. */
const LINE_LIMIT = 16_384;
/** Limit on the hexadecimal digits of a chunk's size: 16 TiB. */
const DIGIT_LIMIT = 11;

type ChunkState =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-lf';

/** Follows one body to its end. */
export class BodyReader {
  private readonly chunked: boolean;
  /** Bytes still to come of the body, or of the chunk. */
  private left: number;
  private state: ChunkState = 'size';
  private digits = 0;
  private lineBytes = 0;
  private trailerBytes = 0;

  constructor(length: BodyLength) {
    this.chunked = length === CHUNKED;
    this.left = length === UNTIL_CLOSE ? Number.POSITIVE_INFINITY : Math.max(length, 0);
  }

  /**
   * Takes the next bytes.
   * @param from - index of the first of them, 0 when absent
   * @returns index just behind the body's last byte, or -1 when the body goes on behind these bytes
   * @throws MalformedMessage on chunks that are none
   */
  take(bytes: Uint8Array, from = 0): number {
    if (this.chunked) {
      return this.takeChunks(bytes, from);
    }
    if (bytes.length - from < this.left) {
      this.left -= bytes.length - from;
      return -1;
    }
    const end = from + this.left;
    this.left = 0;
    return end;
  }

  private takeChunks(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; ) {
      if (this.state === 'data') {
        const step = Math.min(this.left, bytes.length - i);
        i += step;
        this.left -= step;
        if (this.left === 0) {
          this.state = 'data-cr';
        }
      } else if (this.takeControl(bytes[i++] as number)) {
        return i;
      }
    }
    return -1;
  }

  /** Takes one byte that is not data; true when it is the body's last. */
  private takeControl(byte: number): boolean {
    switch (this.state) {
      case 'size':
        this.takeSize(byte);
        return false;
      case 'extension':
        if (byte === CR) {
          this.state = 'size-lf';
        } else {
          this.countLine(byte);
        }
        return false;
      case 'size-lf':
        expectByte(byte, LF);
        this.digits = 0;
        this.lineBytes = 0;
        this.trailerBytes = 0;
        this.state = this.left === 0 ? 'trailer' : 'data';
        return false;
      case 'data-cr':
        expectByte(byte, CR);
        this.state = 'data-lf';
        return false;
      case 'data-lf':
        expectByte(byte, LF);
        this.state = 'size';
        return false;
      case 'trailer':
        if (byte === CR) {
          this.state = 'trailer-lf';
        } else {
          this.countLine(byte);
          this.trailerBytes += 1;
        }
        return false;
      case 'trailer-lf': {
        expectByte(byte, LF);
        const empty = this.trailerBytes === 0;
        this.trailerBytes = 0;
        this.state = 'trailer';
        return empty;
      }
      default:
        throw new Error(`chunk state ${this.state}: data is not taken byte by byte`);
    }
  }

  private takeSize(byte: number): void {
    const digit = hexadecimal(byte);
    if (digit >= 0 && this.digits < DIGIT_LIMIT) {
      this.left = this.left * 16 + digit;
      this.digits += 1;
      return;
    }
    if (this.digits === 0 || (byte !== CR && byte !== SEMICOLON)) {
      throw new MalformedMessage(`chunk size: byte ${byte} after ${this.digits} digits`);
    }
    this.state = byte === CR ? 'size-lf' : 'extension';
  }

  private countLine(byte: number): void {
    this.lineBytes += 1;
    if (byte === LF || this.lineBytes > LINE_LIMIT) {
      throw new MalformedMessage(
        `chunk extension or trailer: at most ${LINE_LIMIT} bytes, no bare line feed`,
      );
    }
  }
}

function expectByte(byte: number, wanted: number): void {
  if (byte !== wanted) {
    throw new MalformedMessage(`chunk: byte ${byte} where ${wanted} is wanted`);
  }
}

function hexadecimal(byte: number): number {
  if (byte >= 48 && byte <= 57) {
    return byte - 48;
  }
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
