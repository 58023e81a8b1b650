/** Single exchanges of a user's walk, from which the smoke test and the provocations are put together. */
import type { Exchange } from '../../../harness/contract/exchange.ts';

/** Seed users that walk; the clients of the load may be the same people, which changes nothing. */
export const WALKER = { id: 1, nickname: 'user1', password: 'password1' };
export const OTHER_WALKER = { id: 2, nickname: 'user2', password: 'password2' };

/** Expects the page with these attributes of its body element. */
export function pageWith(
  page: string,
  attributes: Readonly<Record<string, string>> = {},
): Exchange['expect'] {
  const pairs = Object.entries({ page, ...attributes });
  return { status: 200, contains: pairs.map(([name, value]) => `data-${name}="${value}"`) };
}

/** A page looked at. */
export function look(
  path: string,
  page: string,
  attributes: Readonly<Record<string, string>> = {},
): Exchange {
  return { method: 'GET', path, expect: pageWith(page, attributes) };
}

/** A form sent. */
export function send(
  path: string,
  form: Readonly<Record<string, string>>,
  page: string,
  attributes: Readonly<Record<string, string>> = {},
): Exchange {
  return { method: 'POST', path, form, expect: pageWith(page, attributes) };
}

/** Logs in; the session stays in the list's cookies. */
export function logIn({ id, nickname, password }: typeof WALKER): Exchange {
  return send('/app/about-me', { nickname, password }, 'AboutMe', { id: String(id) });
}

/** Finds an item on sale: the first that the list of a category names becomes `@@item@@`. */
export const FIND_ITEM: Exchange = {
  ...look('/app/items?category=1', 'SearchItemsInCategory', { id: '1' }),
  capture: { item: '/app/item\\?id=(\\d+)' },
};
