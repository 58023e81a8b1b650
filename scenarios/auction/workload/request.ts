/** One request of a client and the page it expects. */

/** What the answer's body element must say of itself. */
export interface ExpectedPage {
  readonly page: string;
  readonly id?: string;
  readonly count?: string;
  readonly price?: string;
  readonly requestId?: string;
}

/** A write as the ledger will look for it. */
export interface AskedWrite {
  readonly kind: string;
  readonly requestId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A request. The answer must be 200 with the expected page. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly expected: ExpectedPage;
  readonly write?: AskedWrite;
}

/** SHA-256 of a text's UTF-8 bytes, lower-case hexadecimal. */
export type Hash = (text: string) => string;

/** A page of which the identity is given as a number. */
type Page = Omit<ExpectedPage, 'id'> & { readonly id?: number };

/** A request for a page. */
export function get(path: string, page: Page): Ask {
  return { method: 'GET', path, form: {}, expected: expectedOf(page) };
}

/** A form sent. */
export function post(path: string, form: Ask['form'], page: Page, write?: AskedWrite): Ask {
  return {
    method: 'POST',
    path,
    form,
    expected: expectedOf(page),
    ...(write === undefined ? {} : { write }),
  };
}

function expectedOf({ id, ...page }: Page): ExpectedPage {
  return id === undefined ? page : { ...page, id: String(id) };
}
