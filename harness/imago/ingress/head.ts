/**
 * Heads of HTTP/1.x messages: read strictly, and written for the next hop. Whatever two parties could read
 * differently is refused, never put right: an interceptor that repairs would hide faults of the system.
 */

/** Body length of a message that is sent in chunks. */
export const CHUNKED = -1;
/** Body length of an answer that ends when its connection ends. */
export const UNTIL_CLOSE = -2;

/** Bytes of body that follow a head: a count, or `CHUNKED`, or `UNTIL_CLOSE`. */
export type BodyLength = number;

/** A message that is not HTTP/1.x as every party reads it. `status` is what a client would be answered. */
export class MalformedMessage extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = 'MalformedMessage';
    this.status = status;
  }
}

/** A request, ready for the next hop. */
export interface RequestHead {
  readonly method: string;
  readonly body: BodyLength;
  /** Whether the client wants its connection closed after the answer. */
  readonly closes: boolean;
  readonly requestLine: string;
  /** End-to-end fields and the empty line; Host is left out, because the sender writes its own. */
  readonly fields: string;
}

/** An answer, ready for the client. */
export interface AnswerHead {
  readonly status: number;
  readonly body: BodyLength;
  /** Whether the connection it came on ends with it. */
  readonly closes: boolean;
  /** The head to send; undefined when it is the same as the head that was read. */
  readonly text: string | undefined;
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~\w]+) ([/*][\x21-\x7e\x80-\xff]*) HTTP\/1\.([01])\r\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;
const FIELDS = /^(?:[!#$%&'*+\-.^_`|~\w]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/;
const LENGTH = /^\d{1,15}$/;
const SPACE = /^[\t ]+|[\t ]+$/g;
/** Fields that decide where a message goes and ends: no Connection field may name them. */
const NEVER_NOMINATED = new Set(['host', 'content-length', 'transfer-encoding', 'set-cookie', 'cookie']);

/**
 * Reads a request's head.
 * @param head - as latin1, from the request line up to and including the empty line
 * @throws MalformedMessage
 */
export function readRequestHead(head: string): RequestHead {
  const line = REQUEST_LINE.exec(head);
  if (line === null) {
    const version = / HTTP\/(\S+)\r\n/.exec(head.slice(0, head.indexOf('\r\n') + 2))?.[1];
    if (version !== undefined && !/^1\.[01]$/.test(version)) {
      throw new MalformedMessage(`version ${version}: 1.0 and 1.1 are spoken here`, 505);
    }
    throw new MalformedMessage('request line');
  }
  const method = line[1] as string;
  if (method === 'CONNECT') {
    throw new MalformedMessage('method CONNECT: tunnels are not made here', 501);
  }
  const http10 = line[3] === '0';
  const fields = readFields(head, line[0].length, true);
  if (fields.hosts > 1 || (fields.hosts === 0 && !http10)) {
    throw new MalformedMessage(`${fields.hosts} Host fields: one is wanted`);
  }
  if (http10 && fields.chunked) {
    throw new MalformedMessage('Transfer-Encoding in HTTP/1.0');
  }
  const closes = http10 || fields.closes;
  return {
    method,
    body: fields.chunked ? CHUNKED : Math.max(fields.length, 0),
    closes,
    requestLine: line[0],
    fields: `${closes ? 'Connection: close\r\n' : ''}${fields.endToEnd()}`,
  };
}

/**
 * Reads an answer's head.
 * @param head - as latin1, from the status line up to and including the empty line
 * @param method - of the request, which decides whether a body follows
 * @throws MalformedMessage
 */
export function readAnswerHead(head: string, method: string): AnswerHead {
  const line = STATUS_LINE.exec(head);
  if (line === null) {
    throw new MalformedMessage('status line', 502);
  }
  const status = Number(line[2]);
  const fields = readFields(head, line[0].length, false);
  const body = answerBody(status, method, fields);
  const closes = status >= 200 && (line[1] === '0' || fields.closes || body === UNTIL_CLOSE);
  if (fields.hopByHop === 0 && !closes) {
    return { status, body, closes, text: undefined };
  }
  return {
    status,
    body,
    closes,
    text: `${line[0]}${closes ? 'Connection: close\r\n' : ''}${fields.endToEnd()}`,
  };
}

function answerBody(status: number, method: string, fields: Fields): BodyLength {
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') {
    return 0;
  }
  if (fields.chunked) {
    return CHUNKED;
  }
  return fields.length >= 0 ? fields.length : UNTIL_CLOSE;
}

/** What the fields of a head say about the message's way and end. */
class Fields {
  hosts = 0;
  /** Content-Length; -1 when absent. */
  length = -1;
  chunked = false;
  closes = false;
  /** Fields that are for this hop only. */
  hopByHop = 0;
  private readonly head: string;
  private readonly start: number;
  private readonly nominated = new Set<string>();
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
    let kept = '';
    let from = this.start;
    for (let i = 0; i < this.ranges.length; i += 2) {
      kept += this.head.slice(from, this.ranges[i]);
      from = this.ranges[i + 1] as number;
    }
    kept += this.head.slice(from);
    return this.nominated.size === 0 ? kept : withoutFields(kept, this.nominated);
  }

  private dropHere(from: number, to: number): void {
    this.hopByHop += 1;
    this.ranges.push(from, to);
  }

  private takeConnection(value: string): void {
    for (const part of value.toLowerCase().split(',')) {
      const option = part.replace(SPACE, '');
      if (option === 'close') {
        this.closes = true;
      } else if (NEVER_NOMINATED.has(option)) {
        throw new MalformedMessage(`Connection names ${option}, which is for every hop`);
      } else if (option !== '' && option !== 'keep-alive') {
        this.nominated.add(option);
      }
    }
  }
}

function readFields(head: string, start: number, withoutHost: boolean): Fields {
  if (!FIELDS.test(head.slice(start))) {
    throw new MalformedMessage('header field');
  }
  const fields = new Fields(head, start, withoutHost);
  const last = head.length - 2;
  for (let from = start; from < last; ) {
    const to = head.indexOf('\r\n', from) + 2;
    const colon = head.indexOf(':', from);
    if (mayMatter(colon - from)) {
      const value = head.slice(colon + 1, to - 2).replace(SPACE, '');
      fields.take(head.slice(from, colon).toLowerCase(), value, from, to);
    }
    from = to;
  }
  if (fields.chunked && fields.length >= 0) {
    throw new MalformedMessage('both Content-Length and Transfer-Encoding');
  }
  return fields;
}

/** By length alone, to leave most names unread: te, host, upgrade, connection, keep-alive, content-length... */
function mayMatter(nameLength: number): boolean {
  switch (nameLength) {
    case 2:
    case 4:
    case 7:
    case 10:
    case 14:
    case 16:
    case 17:
      return true;
    default:
      return false;
  }
}

function withoutFields(fields: string, names: ReadonlySet<string>): string {
  return fields
    .split('\r\n')
    .filter((line) => !names.has(line.slice(0, Math.max(line.indexOf(':'), 0)).toLowerCase()))
    .join('\r\n');
}
