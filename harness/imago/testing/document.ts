/** An answer reduced to what is compared: status, the headers that matter, and the body as a tree. */
import { fieldValue, type SiteAnswer } from './raw-message.ts';
import { type Element, parseBody } from './tree.ts';

/** What of an answer is compared. */
export interface Document {
  readonly status: number;
  /** By name; absent headers have no entry. */
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined where the body is not known completely. */
  readonly tree: Element | undefined;
}

/**
 * Headers that say how an answer is to be used. Left out are those that differ between two servers of one
 * release (Date, Server, ETag, Last-Modified: files have another age on each host) and those about the transfer.
 */
const THAT_MATTER = [
  'content-type',
  'content-disposition',
  'content-language',
  'location',
  'allow',
  'retry-after',
  'www-authenticate',
  'cache-control',
  'expires',
  'pragma',
  'vary',
  'strict-transport-security',
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'access-control-allow-origin',
  'access-control-allow-credentials',
];

/** @param siteName - links to it are the same as links without a host @param cookie - the request's cookies */
export function readDocument(answer: SiteAnswer, siteName: string, cookie: string | undefined): Document {
  const headers = new Map<string, string>();
  for (const name of THAT_MATTER) {
    const value = fieldValue(answer.fields, name);
    if (value !== undefined) headers.set(name, normal(name, value, siteName));
  }
  const cookies = cookieNames(answer, cookie);
  if (cookies !== '') headers.set('set-cookie', cookies);
  const type = headers.get('content-type') ?? '';
  return { status: answer.status, headers, tree: answer.body && parseBody(answer.body, type) };
}

function normal(name: string, value: string, siteName: string): string {
  switch (name) {
    case 'content-type':
      return value.toLowerCase().replace(/\s*;\s*/g, '; ');
    case 'location':
      return value.replace(
        new RegExp(`^https?://${siteName.replaceAll('.', '\\.')}(:\\d+)?(?=/|$)`, 'i'),
        '',
      );
    case 'vary':
    case 'allow':
    case 'cache-control':
      return value
        .toLowerCase()
        .split(/\s*,\s*/)
        .sort()
        .join(', ');
    default:
      return value;
  }
}

/**
 * Names of the cookies that an answer sets. Those that the request carried are left out: a session made in the
 * old universe reaches the new one a moment later, and until then the new one replaces it.
 */
function cookieNames(answer: SiteAnswer, carried: string | undefined): string {
  const names = (carried ?? '').split(';').map((pair) => pair.split('=')[0]?.trim());
  const set = answer.fields
    .filter(([name]) => name === 'set-cookie')
    .map(([, value]) => value.split('=')[0]?.trim() ?? '');
  return [...new Set(set)]
    .filter((name) => !names.includes(name))
    .sort()
    .join(', ');
}
