/**
 * The cookie of a session: its token and a signature by the site's session key, so that a token cannot be guessed
 * and hosts that disagree on the key do not accept each other's. Both releases sign alike.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { openSync, readSync } from 'node:fs';
import { ConfigurationError } from './configuration.ts';

const COOKIE = 'auction_session';

/** Random bytes of a token. */
const TOKEN_BYTES = 16;

/**
 * A maker of new tokens, 32 hexadecimal digits each, from a device that gives random bytes. It is opened and read once
 * at the start, and waited for if it has none: without chance the application had better not serve.
 */
export function tokensFrom(device: string): () => string {
  const bytes = Buffer.alloc(TOKEN_BYTES);
  try {
    const file = openSync(device, 'r');
    const next = (): string => {
      const got = readSync(file, bytes, 0, TOKEN_BYTES, null);
      if (got < TOKEN_BYTES) throw new Error(`${device} gave ${got} of ${TOKEN_BYTES} bytes`);
      return bytes.toString('hex');
    };
    next();
    return next;
  } catch (error) {
    throw new ConfigurationError(`seedDevice: ${(error as Error).message}`);
  }
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

/** Compares in constant time. */
export function equal(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function signature(token: string, key: string): string {
  return createHmac('sha256', key).update(token).digest('hex');
}
