/**
 * What a typist makes of one word (Keller, Upadhyaya & Candea, “ConfErr”, DSN 2008, “Spelling Mistakes”): a neighbouring key
 * instead, a letter left out or typed twice, two letters swapped, Shift held too long or not long enough.
 */
import { type Layout, neighbours } from './keyboard.ts';

/** Ways to mistype. */
export const TYPOS = [
  'neighbouring-key',
  'letter-omitted',
  'letter-doubled',
  'letters-swapped',
  'case-changed',
] as const;
export type Typo = (typeof TYPOS)[number];

/** Placeholders stand for values that nobody types. */
const PLACEHOLDER = /@@\w+:[\w.-]+@@/g;
/** These would begin a comment, end a quoted word or make a placeholder: no longer a mistyped word. */
const UNSAFE = /["'\\#;@]/;

/** Parts of a text that somebody typed: without placeholders, and without quotes around the whole. */
export interface Typed {
  readonly from: number;
  readonly to: number;
}

/** The typed parts of a word, in order. */
export function typedParts(text: string): Typed[] {
  const quoted = /^(["'])[\s\S]*\1$/.test(text) && text.length > 1;
  const end = quoted ? text.length - 1 : text.length;
  const parts: Typed[] = [];
  let from = quoted ? 1 : 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    parts.push({ from, to: match.index });
    from = match.index + match[0].length;
  }
  return [...parts, { from, to: end }].filter((part) => part.to > part.from);
}

/** Every way in which a word can be mistyped so, each once, in reading order. A word over two lines has none. */
export function mistyped(text: string, typo: Typo, layout: Layout): string[] {
  if (text.includes('\n')) return [];
  const made = typedParts(text).flatMap(({ from, to }) => {
    const before = text.slice(0, from);
    const after = text.slice(to);
    return variants(text.slice(from, to), typo, layout).map((part) => `${before}${part}${after}`);
  });
  return [...new Set(made)].filter((one) => one !== text);
}

function variants(part: string, typo: Typo, layout: Layout): string[] {
  const at = (index: number, instead: string, length = 1) =>
    `${part.slice(0, index)}${instead}${part.slice(index + length)}`;
  return [...part].flatMap((_, index) => {
    const character = part.charAt(index);
    const next = part.charAt(index + 1);
    if (!/[A-Za-z0-9]/.test(character) || part.charAt(index - 1) === '\\') return [];
    switch (typo) {
      case 'neighbouring-key':
        return neighbours(layout, character)
          .filter((key) => !UNSAFE.test(key))
          .map((key) => at(index, key));
      case 'letter-omitted':
        return part.length > 1 ? [at(index, '')] : [];
      case 'letter-doubled':
        return [at(index, character + character)];
      case 'letters-swapped':
        return /[A-Za-z0-9]/.test(next) ? [at(index, next + character, 2)] : [];
      case 'case-changed':
        return shiftSlips(part, index) ? [at(index, otherCase(character))] : [];
      default:
        return typo satisfies never;
    }
  });
}

/** Shift is mistimed where it is used: at a capital, beside one, and at the beginning of a word. */
function shiftSlips(part: string, index: number): boolean {
  const character = part.charAt(index);
  if (!/[A-Za-z]/.test(character)) return false;
  const around = part.slice(Math.max(0, index - 1), index + 2);
  return /[A-Z]/.test(around) || index === 0 || !/[A-Za-z0-9]/.test(part.charAt(index - 1));
}

function otherCase(character: string): string {
  return character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
}
