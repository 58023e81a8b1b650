/** The few answers that the interceptor gives itself. Each says where it is from; all but refusals end their connection. */
import { STATUS_CODES } from 'node:http';
import type { MalformedMessage } from './fields.ts';
import type { RequestHead } from './head.ts';

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

/** The answer to a request that a disturbance keeps from the system; the connection goes on, unless the client closes it. */
export function refusedAnswer({ method, closes }: RequestHead): string {
  const whole = answer(503, 'refused on purpose', 'refused on purpose', closes);
  return method === 'HEAD' ? whole.slice(0, whole.indexOf('\r\n\r\n') + 4) : whole;
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
