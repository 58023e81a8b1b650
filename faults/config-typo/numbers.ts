/** Numbers and sizes that are wrong by a power of ten, or by their unit. */
import { typedParts } from './typos.ts';

/** Ways to get a number wrong. */
export const NUMBER_ERRORS = ['power-of-ten', 'unit-lost', 'unit-changed'] as const;
export type NumberError = (typeof NUMBER_ERRORS)[number];

/** A number that stands for an amount: no part of a name, an address or a version, and not zero. */
const AMOUNT = /(?<![\w.-])([1-9]\d*)([A-Za-z]{0,2})(?![\w.-])/g;

/** Units that one who means one of them may write instead. */
const UNITS: readonly (readonly string[])[] = [
  ['us', 'ms', 's', 'm', 'h', 'd'],
  ['k', 'm', 'g'],
  ['K', 'M', 'G', 'T'],
];

/** Every way in which the amounts of a word can be wrong so, each once, in reading order. */
export function miscounted(text: string, error: NumberError): string[] {
  if (text.includes('\n')) return [];
  const made = typedParts(text).flatMap(({ from, to }) =>
    [...text.slice(from, to).matchAll(AMOUNT)].flatMap((match) => {
      const [all, digits = '', unit = ''] = match;
      const start = from + match.index;
      const instead = (one: string) => `${text.slice(0, start)}${one}${text.slice(start + all.length)}`;
      return wrong(digits, unit, error).map(instead);
    }),
  );
  return [...new Set(made)];
}

function wrong(digits: string, unit: string, error: NumberError): string[] {
  switch (error) {
    case 'power-of-ten': {
      const larger = [`${digits}0`, `${digits}00`];
      const smaller = [/^(\d+)0$/.exec(digits)?.[1], /^(\d+)00$/.exec(digits)?.[1]];
      return [...larger, ...smaller.filter((one) => one !== undefined)].map((one) => `${one}${unit}`);
    }
    case 'unit-lost':
      return isUnit(unit) ? [digits] : [];
    case 'unit-changed': {
      const others = UNITS.filter((family) => family.includes(unit)).flatMap((family) => {
        const at = family.indexOf(unit);
        return [family[at - 1], family[at + 1]];
      });
      return [...new Set(others)].filter((one) => one !== undefined).map((one) => `${digits}${one}`);
    }
    default:
      return error satisfies never;
  }
}

function isUnit(unit: string): boolean {
  return UNITS.some((family) => family.includes(unit));
}
