/** The few answers that the interceptor gives itself. Each says where it is from; all but refusals end their connection. */
import { STATUS_CODES } from 'node:http';
import type { MalformedMessage } from './fields.ts';

/**
 * The answer when no connection to the upstream came about, or what came back was no HTTP.
 * @param reason - one word, also in the field `X-Upfault-Ingress: broken REASON`
 */
export function brokenAnswer(reason: string, detail: string): string {
  return answer(502, `broken ${reason}`, `${reason}: ${detail}`);
}

/** The answer to what is no HTTP/1.x request. */
export function malformedAnswer(error: MalformedMessage): string {
  return answer(error.status, 'malformed request', `malformed request: ${error.message}`);
}

/** The answer to a request that a disturbance keeps from the system. @param closes - whether the client wants it to be the last */
export function refusedAnswer(closes: boolean): string {
  return answer(503, 'refused on purpose', 'refused on purpose', closes);
}

function answer(status: number, field: string, text: string, closes = true): string {
  const body = `${text.replace(/[^\x20-\x7e]/g, '?')}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    `X-Upfault-Ingress: ${field}`,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    ...(closes ? ['Connection: close'] : []),
    '',
    body,
  ].join('\r\n');
}
