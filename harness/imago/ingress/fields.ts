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
