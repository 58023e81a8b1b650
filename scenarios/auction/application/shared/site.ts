/** What handlers are given: the release's data layer, the request's fields, and who is asking. */

import type { Digest } from './digest.ts';
import type { Fields } from './fields.ts';
import type { Page } from './html.ts';
import { loginRequired } from './refusal.ts';
import { equal, sessionCookie, tokenOf } from './session.ts';
import type { Store } from './store.ts';

/** The site as one host serves it. */
export interface Site {
  readonly release: 'old' | 'new';
  readonly hostName: string;
  readonly port: number;
  readonly store: Store;
  readonly sessionKey: string;
  /** Whether there is a status page and errors show their stacks; the old release knows no such mode. */
  readonly debug?: boolean;
  /** Makes of a password what is stored of it. */
  readonly digest: Digest;
  /** Token of a new session: 32 hexadecimal digits. */
  readonly newToken: () => string;
}

/** One request, read. */
export interface Visit {
  readonly site: Site;
  readonly fields: Fields;
  readonly cookies: string | undefined;
}

/** A page, and the session that begins with it. */
export interface Answer {
  readonly page: Page;
  readonly cookie?: string;
}

/** Answers one kind of request. */
export type Handler = (visit: Visit) => Promise<Answer>;

/** The user of the request's session; throws 401 without one. */
export async function sessionUser({ site, cookies }: Visit): Promise<number> {
  const token = tokenOf(cookies, site.sessionKey);
  const user = token === undefined ? undefined : await site.store.userOf(token);
  if (user === undefined) throw loginRequired('Please log in first.');
  return user;
}

/** Checks `nickname` and `password`; goes on with the user's session, or opens one. Throws 401 when they are wrong. */
export async function logIn(visit: Visit): Promise<{ user: number; cookie?: string }> {
  const { site, fields, cookies } = visit;
  const found = await site.store.credentials(fields.text('nickname', 40));
  const given = site.digest(fields.text('password', 100));
  if (found === undefined || !equal(found.passwordHash, given))
    throw loginRequired('Wrong nickname or password.');
  const token = tokenOf(cookies, site.sessionKey);
  if (token !== undefined && (await site.store.userOf(token)) === found.id) return { user: found.id };
  return { user: found.id, cookie: await openSession(site, found.id) };
}

/** Opens a session; gives its cookie. */
export async function openSession(site: Site, user: number): Promise<string> {
  const token = site.newToken();
  await site.store.open(token, user);
  return sessionCookie(token, site.sessionKey);
}
