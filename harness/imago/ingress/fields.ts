/** The fields of an HTTP/1.x head: where its message ends, and which of them are for one hop only. */

/** A message that is not HTTP/1.x as every party reads it. `status` is what a client would be answered. */
export class MalformedMessage extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = 'MalformedMessage';
    this.status = status;
  }
}

const FIELDS = /^(?:[!#$%&'*+\-.^_`|~\w]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/;
const LENGTH = /^\d{1,15}$/;
const SPACE = /^[\t ]+|[\t ]+$/g;
/** Makes a letter's code that of its lower case. */
const LOWER_CASE = 32;
const [LETTER_C, LETTER_H, LETTER_K, LETTER_P, LETTER_T, LETTER_U] = [99, 104, 107, 112, 116, 117];
/** Fields that decide where a message goes and ends: no Connection field may name them. */
const NEVER_NOMINATED = new Set(['host', 'content-length', 'transfer-encoding', 'set-cookie', 'cookie']);

/** What the fields of a head say about the message's way and end. */
export class Fields {
  hosts = 0;
  /** Content-Length; -1 when absent. */
  length = -1;
  chunked = false;
  closes = false;
  /** Fields that are for this hop only. */
  hopByHop = 0;
  private readonly head: string;
  private readonly start: number;
  /** Fields that Connection names; seldom any. */
  private nominated: Set<string> | undefined;
  private readonly withoutHost: boolean;
  /** Parts of the head that are left out, as pairs of start and end. */
  private readonly ranges: number[] = [];

  /** @param withoutHost - whether Host fields are left out, because the caller writes its own */
  constructor(head: string, start: number, withoutHost: boolean) {
    this.head = head;
    this.start = start;
    this.withoutHost = withoutHost;
  }

  /** Takes one field into account. @param from,to - its line within the head */
  take(name: string, value: string, from: number, to: number): void {
    switch (name) {
      case 'host':
        this.hosts += 1;
        if (this.withoutHost) {
          this.ranges.push(from, to);
        }
        break;
      case 'content-length':
        if (this.length >= 0 || !LENGTH.test(value)) {
          throw new MalformedMessage(`Content-Length ${value}: one decimal number is wanted`);
        }
        this.length = Number(value);
        break;
      case 'transfer-encoding':
        if (this.chunked || value.toLowerCase() !== 'chunked') {
          throw new MalformedMessage(`Transfer-Encoding ${value}: chunked is spoken here`, 501);
        }
        this.chunked = true;
        break;
      case 'connection':
        this.dropHere(from, to);
        this.takeConnection(value);
        break;
      case 'keep-alive':
      case 'proxy-connection':
      case 'te':
      case 'upgrade':
        this.dropHere(from, to);
        break;
    }
  }

  /** The fields for the next hop, with the empty line. */
  endToEnd(): string {
    if (this.ranges.length === 0) {
      return this.head.slice(this.start);
    }
    let kept = '';
    let from = this.start;
    for (let i = 0; i < this.ranges.length; i += 2) {
      kept += this.head.slice(from, this.ranges[i]);
      from = this.ranges[i + 1] as number;
    }
    kept += this.head.slice(from);
    return this.nominated === undefined ? kept : withoutFields(kept, this.nominated);
  }

  private dropHere(from: number, to: number): void {
    this.hopByHop += 1;
    this.ranges.push(from, to);
  }

  private takeConnection(value: string): void {
    if (value === 'keep-alive') {
      return;
    }
    for (const part of value.toLowerCase().split(',')) {
      const option = part.replace(SPACE, '');
      if (option === 'close') {
        this.closes = true;
      } else if (NEVER_NOMINATED.has(option)) {
        throw new MalformedMessage(`Connection names ${option}, which is for every hop`);
      } else if (option !== '' && option !== 'keep-alive') {
        this.nominated ??= new Set();
        this.nominated.add(option);
      }
    }
  }
}

/**
 * Reads the fields of a head.
 * @param start - index behind the first line
 * @param withoutHost - whether Host is left out of what is sent on
 * @throws MalformedMessage
 */
export function readFields(head: string, start: number, withoutHost: boolean): Fields {
  if (!FIELDS.test(head.slice(start))) {
    throw new MalformedMessage('header field');
  }
  const fields = new Fields(head, start, withoutHost);
  const last = head.length - 2;
  for (let from = start; from < last; ) {
    const to = head.indexOf('\r\n', from) + 2;
    const colon = head.indexOf(':', from);
    if (mayMatter(colon - from, head.charCodeAt(from) | LOWER_CASE)) {
      const value = trimmed(head, colon + 1, to - 2);
      fields.take(head.slice(from, colon).toLowerCase(), value, from, to);
    }
    from = to;
  }
  if (fields.chunked && fields.length >= 0) {
    throw new MalformedMessage('both Content-Length and Transfer-Encoding');
  }
  return fields;
}

/** By length and first letter alone, to leave most names unread. */
function mayMatter(nameLength: number, firstLetter: number): boolean {
  switch (nameLength) {
    case 2: // te
    case 17: // transfer-encoding
      return firstLetter === LETTER_T;
    case 4: // host
      return firstLetter === LETTER_H;
    case 7: // upgrade
      return firstLetter === LETTER_U;
    case 10: // connection, keep-alive
      return firstLetter === LETTER_C || firstLetter === LETTER_K;
    case 14: // content-length
      return firstLetter === LETTER_C;
    case 16: // proxy-connection
      return firstLetter === LETTER_P;
    default:
      return false;
  }
}

/** What is between two indexes, without spaces and tabs around it. */
function trimmed(head: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(head.charCodeAt(start))) {
    start += 1;
  }
  while (end > start && isBlank(head.charCodeAt(end - 1))) {
    end -= 1;
  }
  return head.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function withoutFields(fields: string, names: ReadonlySet<string>): string {
  return fields
    .split('\r\n')
    .filter((line) => !names.has(line.slice(0, Math.max(line.indexOf(':'), 0)).toLowerCase()))
    .join('\r\n');
}
