/** How a request ended for the client, and what the client learns from the page. No k6 in here. */
import type { AnswerOutcome } from '../../../harness/contract/workload.ts';
import { type Client, LIST_ROWS } from './client.ts';
import type { Ask, ExpectedPage } from './request.ts';
import { passwordOf } from './writes.ts';

/** An answer as k6 gives it. `errorCode` is k6's, 0 for none. */
export interface RawAnswer {
  readonly status: number;
  readonly errorCode: number;
  readonly body: string;
}

/** k6's code for a request that was not answered in time. */
const TIMEOUT_CODE = 1050;
/** k6 also gives codes to statuses of 400 and more, from here on: those are answers. */
const FIRST_STATUS_CODE = 1400;
const LAST_STATUS_CODE = 1599;

/** Attributes `data-NAME` of the body element by name. */
export type PageAttributes = Readonly<Record<string, string>>;

/** The outcome, and the page's attributes where it is `ok`. */
export function judge(
  answer: RawAnswer,
  expected: ExpectedPage,
): { outcome: AnswerOutcome; attributes: PageAttributes } {
  const { errorCode } = answer;
  if (errorCode === TIMEOUT_CODE) return { outcome: 'timeout', attributes: {} };
  if (errorCode !== 0 && (errorCode < FIRST_STATUS_CODE || errorCode > LAST_STATUS_CODE))
    return { outcome: 'broken', attributes: {} };
  if (answer.status !== 200) return { outcome: 'error-status', attributes: {} };
  const attributes = attributesOf(answer.body);
  return isExpected(attributes, expected)
    ? { outcome: 'ok', attributes }
    : { outcome: 'wrong-content', attributes: {} };
}

function attributesOf(body: string): PageAttributes {
  const attributes: Record<string, string> = {};
  const element = /<body([^>]*)>/.exec(body);
  for (const [, name, value] of (element?.[1] ?? '').matchAll(/\sdata-([a-z-]+)="([^"]*)"/g))
    if (name !== undefined && value !== undefined) attributes[name] = value;
  return attributes;
}

function isExpected(attributes: PageAttributes, expected: ExpectedPage): boolean {
  const wanted = {
    page: expected.page,
    id: expected.id,
    count: expected.count,
    price: expected.price,
    'request-id': expected.requestId,
  };
  return (
    Object.entries(wanted).every(([name, value]) => value === undefined || attributes[name] === value) &&
    (NEEDED[expected.page] ?? []).every((name) => /^\d+(\.\d\d)?$/.test(attributes[name] ?? ''))
  );
}

/** Numbers that a page must state, whatever they are: the client goes on with them, as a person would. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  SearchItemsInCategory: ['count'],
  SearchItemsInRegion: ['count'],
  ViewItem: ['price'],
  ViewBidHistory: ['count'],
  BuyNow: ['price'],
  PutBid: ['price'],
  RegisterUser: ['id'],
  RegisterItem: ['id'],
};

/** Keeps what a page that was `ok` told. */
export function learn(client: Client, ask: Ask, attributes: PageAttributes): void {
  switch (ask.expected.page) {
    case 'PutBid':
      client.priceCents = Math.round(Number(attributes.price) * 100);
      break;
    case 'SearchItemsInCategory':
    case 'SearchItemsInRegion':
      client.listFull = Number(attributes.count) >= LIST_ROWS;
      break;
    case 'RegisterUser': {
      const nickname = ask.form.nickname ?? '';
      client.user = { id: Number(attributes.id), nickname, password: passwordOf(nickname) };
      break;
    }
    default:
  }
}
