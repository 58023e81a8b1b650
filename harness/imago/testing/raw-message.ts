/** Messages as the ingress' mirror tells them, read: heads as latin1 text, bodies as they were sent. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** A field of a head; the name in lower case. */
export type Field = readonly [name: string, value: string];

/** A live request that can be sent once more. */
export interface LiveRequest {
  readonly method: string;
  /** Path with query, as the client wrote it. */
  readonly target: string;
  readonly fields: readonly Field[];
  /** Without chunks. */
  readonly body: Buffer;
}

/** An answer of either universe. */
export interface SiteAnswer {
  readonly status: number;
  readonly fields: readonly Field[];
  /** Decoded; undefined where not all of it is known. */
  readonly body: Buffer | undefined;
}

/** A body that grows beyond this when it is decompressed is not a page. */
const DECODED_LIMIT = 4_194_304;
/** For one connection only, or about an answer that somebody else has stored. */
const NOT_REPEATED =
  /^(host|connection|keep-alive|proxy-connection|te|upgrade|expect|content-length|transfer-encoding|range|if-.+)$/;

/** @throws on a request line that is none, or chunks that are none */
export function readLiveRequest(requestLine: string, headers: string, body: Buffer): LiveRequest {
  const [, method, target] = /^(\S+) (\S+) HTTP\/1\.[01]\r?\n?$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined)
    throw new Error(`mirrored request: ${JSON.stringify(requestLine.slice(0, 80))} is no request line`);
  const fields = readFields(headers);
  return {
    method,
    target,
    fields: fields.filter(([name]) => !NOT_REPEATED.test(name)),
    body: isChunked(fields) ? withoutChunks(body) : body,
  };
}

/** @param body - undefined where it is not complete @throws on chunks that are none */
export function readAnswer(status: number, headers: string, body: Buffer | undefined): SiteAnswer {
  const fields = readFields(headers);
  const whole = body !== undefined && isChunked(fields) ? withoutChunks(body) : body;
  return { status, fields, body: whole && decoded(whole, fieldValue(fields, 'content-encoding')) };
}

/** Fields of a head without its first line. */
export function readFields(headers: string): Field[] {
  return headers.split('\r\n').flatMap((line): Field[] => {
    const colon = line.indexOf(':');
    return colon <= 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
  });
}

/** Values of a field, joined as one; undefined when absent. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  const values = fields.filter((field) => field[0] === name).map((field) => field[1]);
  return values.length === 0 ? undefined : values.join(', ');
}

/** A body without its compression; unchanged where it is not compressed as it says. */
export function decoded(body: Buffer, encoding: string | undefined): Buffer {
  const limit = { maxOutputLength: DECODED_LIMIT };
  try {
    switch (encoding?.toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, limit);
      case 'deflate':
        return inflateSync(body, limit);
      case 'br':
        return brotliDecompressSync(body, limit);
      default:
        return body;
    }
  } catch {
    return body;
  }
}

function isChunked(fields: readonly Field[]): boolean {
  return fieldValue(fields, 'transfer-encoding')?.toLowerCase() === 'chunked';
}

function withoutChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size >= 0) || end + 2 + size > body.length)
      throw new Error(`mirrored body: no chunk at byte ${at} of ${body.length}`);
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
