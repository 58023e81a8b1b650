/**
 * The cookie of a session: its token and a signature by the site's session key, so that a token cannot be guessed
 * and hosts that disagree on the key do not accept each other's. Both releases sign alike.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const COOKIE = 'auction_session';

/** A new token: 32 hexadecimal digits. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** Value of the `Set-Cookie` header. */
export function sessionCookie(token: string, key: string): string {
  return `${COOKIE}=${token}.${signature(token, key)}; Path=/; HttpOnly; SameSite=Lax; Secure`;
}

/** The token of a request's `Cookie` header, if its signature is right. */
export function tokenOf(header: string | undefined, key: string): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${COOKIE}=([0-9a-f]{32})\\.([0-9a-f]{64})(?:;|$)`).exec(header ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return equal(signature(match[1], key), match[2]) ? match[1] : undefined;
}

/** A password as it is stored. */
export function passwordHash(password: string): string {
  return createHash('sha256').update(password, 'utf8').digest('hex');
}

/** Compares in constant time. */
export function equal(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function signature(token: string, key: string): string {
  return createHmac('sha256', key).update(token).digest('hex');
}
