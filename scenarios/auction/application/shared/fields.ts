/** Fields of forms and parameters of queries, checked against the limits in the scenario's README. */
import { parsePrice } from './money.ts';
import { badRequest } from './refusal.ts';

const MAX_PRICE_CENTS = 100_000_00;
const MAX_ID = 2_147_483_647;

/** Reads fields; every method throws a `Refusal` with status 400 when the field is not as it must be. */
export interface Fields {
  /** A positive whole number that names something. */
  readonly id: (name: string) => number;
  /** An id, or undefined when the field is absent. */
  readonly optionalId: (name: string) => number | undefined;
  readonly integer: (name: string, least: number, most: number) => number;
  readonly text: (name: string, mostCharacters: number) => string;
  readonly matching: (name: string, pattern: RegExp) => string;
  /** Cents, from `leastCents` to 100000.00. */
  readonly price: (name: string, leastCents: number) => number;
  readonly has: (name: string) => boolean;
}

/** Reader of decoded parameters. */
export function fields(parameters: URLSearchParams): Fields {
  const required = (name: string): string => {
    const value = parameters.get(name);
    if (value === null) throw badRequest(`Field ${name} is missing.`);
    return value;
  };
  const integer = (name: string, least: number, most: number): number => {
    const text = required(name);
    const value = Number(text);
    if (!/^-?\d{1,10}$/.test(text) || value < least || value > most) {
      throw badRequest(`Field ${name} must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
  const id = (name: string): number => integer(name, 1, MAX_ID);
  return {
    id,
    optionalId: (name) => (parameters.has(name) ? id(name) : undefined),
    integer,
    text: (name, mostCharacters) => {
      const value = required(name);
      // Counted as the database counts: by code point.
      const length = value.length <= mostCharacters ? value.length : [...value].length;
      if (length === 0 || length > mostCharacters) {
        throw badRequest(`Field ${name} must have 1 to ${mostCharacters} characters.`);
      }
      return value;
    },
    matching: (name, pattern) => {
      const value = required(name);
      if (!pattern.test(value)) throw badRequest(`Field ${name} must match ${pattern.source}.`);
      return value;
    },
    price: (name, leastCents) => {
      const cents = parsePrice(required(name));
      if (cents === undefined || cents < leastCents || cents > MAX_PRICE_CENTS) {
        throw badRequest(
          `Field ${name} must be a price from ${leastCents / 100} to ${MAX_PRICE_CENTS / 100}.`,
        );
      }
      return cents;
    },
    has: (name) => parameters.has(name),
  };
}

/** The client's name for a write. */
export const REQUEST_ID = /^[A-Za-z0-9._-]{1,40}$/;
/** A user's public name. */
export const NICKNAME = /^[A-Za-z0-9_-]{1,40}$/;
