/** The application on a loopback port with a store that tests make up: pages and refusals without a database. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { siteServer } from '../../../scenarios/auction/application/shared/server.ts';
import type { Store } from '../../../scenarios/auction/application/shared/store.ts';

/** Key that the sites of a test share unless they say otherwise. */
export const KEY = '0123456789abcdef';

/** What the native library makes of a password. */
export function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** A running site. */
export interface RunningSite {
  readonly get: (path: string, cookie?: string) => Promise<Response>;
  readonly post: (path: string, form: Record<string, string>, cookie?: string) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** Starts a site; methods that the test does not give throw when they are called. */
export async function startSite(
  store: Partial<Store>,
  options: { release?: 'old' | 'new'; sessionKey?: string } = {},
): Promise<RunningSite> {
  const server = siteServer({
    release: options.release ?? 'old',
    hostName: 'app1',
    port: 0,
    sessionKey: options.sessionKey ?? KEY,
    digest,
    newToken: () => randomBytes(16).toString('hex'),
    store: store as Store,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = (cookie: string | undefined): Record<string, string> =>
    cookie === undefined ? {} : { cookie };
  return {
    get: (path, cookie) => fetch(base + path, { headers: headers(cookie) }),
    post: (path, form, cookie) =>
      fetch(base + path, { method: 'POST', body: new URLSearchParams(form), headers: headers(cookie) }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The body element with its attributes. */
export async function bodyTag(response: Response): Promise<string> {
  const tag = /<body[^>]*>/.exec(await response.text())?.[0];
  if (tag === undefined) throw new Error('the answer has no body element');
  return tag;
}

/** The cookie that a response sets, as a client sends it back. */
export function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
