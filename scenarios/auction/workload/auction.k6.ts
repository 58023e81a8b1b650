/**
 * The auction's clients, for k6. One iteration is one request; each virtual user is a client that walks the
 * chain, going back Home after an answer that is not `ok`.
 *
 * A client keeps its connection between requests, as browsers do. As in browsers, a request without side effects
 * whose kept connection turns out to be closed before the first byte of an answer is repeated once on a new
 * connection by the HTTP client itself; a POST never is. docs/decisions/ says why.
 */

import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http, { type RefinedParams, type RefinedResponse } from 'k6/http';
import { Trend } from 'k6/metrics';
import { firstInteraction, type Interaction, nextInteraction } from './chain.ts';
import { type Client, newClient } from './client.ts';
import { judge, learn } from './judgement.ts';
import { drawsFor } from './prng.ts';
import type { Ask } from './request.ts';
import { requestFor } from './requests.ts';

const url = text('UPFAULT_URL');
const seed = number('UPFAULT_SEED');
const timeoutMs = number('UPFAULT_TIMEOUT_MS');
const clients = number('UPFAULT_MAX_VUS');
const rate = number('UPFAULT_RATE');
const opening = { rate: number('UPFAULT_OPENING_RATE'), seconds: number('UPFAULT_OPENING_S') };

export const options = {
  scenarios: {
    clients: {
      ...arrivals(),
      preAllocatedVUs: clients,
      maxVUs: clients,
      // Requests under way when the time is up are answered or time out.
      gracefulStop: `${timeoutMs + 1000}ms`,
    },
  },
  systemTags: [],
  maxRedirects: 0,
};

function arrivals() {
  const durationS = number('UPFAULT_DURATION_S');
  if (opening.seconds === 0)
    return { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration: `${durationS}s` };
  const stages = [
    { duration: `${opening.seconds}s`, target: opening.rate },
    { duration: '0s', target: rate },
    { duration: `${durationS - opening.seconds}s`, target: rate },
  ];
  return { executor: 'ramping-arrival-rate', startRate: opening.rate, timeUnit: '1s', stages };
}

const answers = new Trend('upfault_answer', true);

const COOKIE = 'auction_session';

let client: Client | undefined;
let interaction: Interaction = 'Home';
let session: string | undefined;

/** One request of this virtual user. */
export default function oneRequest(): void {
  const startedMs = Date.now();
  if (client === undefined) {
    const vu = exec.vu.idInTest;
    client = newClient(seed, vu, drawsFor(seed, vu), {
      users: number('AUCTION_USERS'),
      closedItems: number('AUCTION_CLOSED_ITEMS'),
      itemsOnSale: number('AUCTION_ITEMS_ON_SALE'),
      categories: number('AUCTION_CATEGORIES'),
      regions: number('AUCTION_REGIONS'),
    });
    interaction = firstInteraction(client.draws.unit());
  }
  if (interaction === 'Home') session = undefined;
  const ask = requestFor(interaction, client, (value) => crypto.sha256(value, 'hex'));
  const answer = send(ask);
  const judged = judge(
    { status: answer.status, errorCode: answer.error_code, body: answer.body ?? '' },
    ask.expected,
  );
  record(startedMs, ask, answer, judged.outcome);
  if (judged.outcome === 'ok') {
    session = answer.cookies[COOKIE]?.[0]?.value ?? session;
    learn(client, ask, judged.attributes);
    interaction = nextInteraction(interaction, client.draws.unit());
  } else {
    interaction = 'Home';
  }
}

function send(ask: Ask): RefinedResponse<'text'> {
  const parameters: RefinedParams<'text'> = {
    timeout: timeoutMs,
    redirects: 0,
    responseType: 'text',
    ...(session === undefined ? {} : { cookies: { [COOKIE]: session } }),
  };
  return ask.method === 'GET'
    ? http.get(url + ask.path, parameters)
    : http.post(url + ask.path, { ...ask.form }, parameters);
}

function record(startedMs: number, ask: Ask, answer: RefinedResponse<'text'>, outcome: string): void {
  const { metadata } = exec.vu.metrics;
  metadata.started = String(startedMs);
  metadata.status = String(answer.status);
  if (ask.write !== undefined)
    metadata.write = JSON.stringify({ ...ask.write, acknowledged: outcome === 'ok' });
  // `duration` leaves out the time to connect, which is part of `blocked`.
  const latencyMs = answer.timings.blocked + answer.timings.duration;
  answers.add(outcome === 'timeout' ? timeoutMs : latencyMs, { interaction, outcome });
  // Metadata stays on the virtual user and would be repeated on every metric of k6's own.
  for (const name of ['started', 'status', 'write']) delete metadata[name];
}

function text(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') throw new Error(`start the clients: ${name} is not set`);
  return value;
}

function number(name: string): number {
  const value = Number(text(name));
  if (!Number.isFinite(value))
    throw new Error(`start the clients: ${name} is ${text(name)}, which is not a number`);
  return value;
}
