/**
 * Heads of HTTP/1.x messages: read strictly, and written for the next hop. Whatever two parties could read
 * differently is refused, never put right: an interceptor that repairs would hide faults of the system.
 */

import { type Fields, MalformedMessage, readFields } from './fields.ts';

/** Body length of a message that is sent in chunks. */
export const CHUNKED = -1;
/** Body length of an answer that ends when its connection ends. */
export const UNTIL_CLOSE = -2;

/** Bytes of body that follow a head: a count, or `CHUNKED`, or `UNTIL_CLOSE`. */
export type BodyLength = number;

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
