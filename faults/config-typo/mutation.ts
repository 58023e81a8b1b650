/**
 * One mutation of a configuration file, drawn by chance: first of what kind, then which error of that kind, then where.
 * Every kind is as likely as the others wherever the file has a place for it, however long the file's words are.
 */
import { type Directive, type Document, type Format, type Section, withReplaced } from './document.ts';
import type { Layout } from './keyboard.ts';
import { us } from './layouts/us.ts';
import { miscounted, NUMBER_ERRORS, type NumberError } from './numbers.ts';
import { type Altered, restructured, STRUCTURE_ERRORS, type StructureError } from './structure.ts';
import { mistyped, TYPOS, type Typo } from './typos.ts';

/** What is wrong: a name, a value, the structure, or an amount. */
export const KINDS = ['name-typo', 'value-typo', 'structure', 'number'] as const;
export type Kind = (typeof KINDS)[number];

/** An error of its kind. */
export type Change = Typo | StructureError | NumberError;

/** A file with one thing wrong. */
export interface Mutation {
  readonly kind: Kind;
  readonly change: Change;
  readonly line: number;
  /** What became what, in one line. */
  readonly what: string;
  readonly text: string;
}

/** Whole number from 0 to `limit - 1`. */
export type Draw = (limit: number) => number;

/** A way in which the file can be wrong; the document is made only for the one that is drawn. */
interface Candidate extends Omit<Altered, 'document'> {
  readonly document: () => Document;
}

const CHANGES: Readonly<Record<Kind, readonly Change[]>> = {
  'name-typo': TYPOS,
  'value-typo': TYPOS,
  structure: STRUCTURE_ERRORS,
  number: NUMBER_ERRORS,
};

/**
 * Mutates a text so that it means something else. Comments and placeholders stay as they are; a setting goes with the
 * placeholders in it. @returns undefined where the text has no place for any mutation. @throws SyntaxError as the format's parser.
 */
export function mutate(text: string, format: Format, draw: Draw, layout: Layout = us): Mutation | undefined {
  const document = format.parse(text);
  const meant = format.meaning(document);
  for (const kind of inDrawnOrder(KINDS, draw)) {
    for (const change of inDrawnOrder(CHANGES[kind], draw)) {
      for (const { line, what, document: made } of inDrawnOrder(
        candidatesOf(document, kind, change, format, layout),
        draw,
      )) {
        const mutated = format.print(made());
        if (meansOtherwise(mutated, meant, format)) return { kind, change, line, what, text: mutated };
      }
    }
  }
  return undefined;
}

/** Draws without putting back, one at a time, as far as they are asked for. */
function* inDrawnOrder<T>(values: readonly T[], draw: Draw): Generator<T> {
  const left = [...values];
  while (left.length > 0) yield* left.splice(draw(left.length), 1);
}

function candidatesOf(
  document: Document,
  kind: Kind,
  change: Change,
  format: Format,
  layout: Layout,
): Candidate[] {
  switch (kind) {
    case 'name-typo':
      return headsOf(document).flatMap((head) =>
        mistyped(head.name, change as Typo, layout).map((name) => ({
          line: head.line,
          what: `${head.name} -> ${name}`,
          document: () => withReplaced(document, head, [{ ...head, name }]),
        })),
      );
    case 'value-typo':
      return wordsWrong(document, (text) => mistyped(text, change as Typo, layout));
    case 'number':
      return wordsWrong(document, (text) => miscounted(text, change as NumberError));
    case 'structure':
      return restructured(document, change as StructureError, format).map((altered) => ({
        ...altered,
        document: () => altered.document,
      }));
    default:
      return kind satisfies never;
  }
}

function wordsWrong(document: Document, wrong: (text: string) => readonly string[]): Candidate[] {
  return headsOf(document).flatMap((head) =>
    head.words.flatMap((word, at) =>
      wrong(word.text).map((text) => ({
        line: head.line + linesBefore(head, at),
        what: `${head.name === '' ? 'element' : head.name}: ${word.text} -> ${text}`,
        document: () =>
          withReplaced(document, head, [{ ...head, words: head.words.with(at, { ...word, text }) }]),
      })),
    ),
  );
}

/** Lines that a directive has gone on for when its word at an index begins. */
function linesBefore(head: Directive | Section, index: number): number {
  const before = head.words.slice(0, index).map(({ gap, text }) => gap + text);
  return [...before, head.words[index]?.gap ?? ''].join('').split('\n').length - 1;
}

function headsOf(document: Document): (Directive | Section)[] {
  const within = (entries: Document['children']): (Directive | Section)[] =>
    entries.flatMap((entry) => {
      if (entry.node === 'trivia') return [];
      return entry.node === 'section' ? [entry, ...within(entry.children)] : [entry];
    });
  return within(document.children);
}

/** A text that no reader of the format takes says something else, too. */
function meansOtherwise(text: string, meant: string, format: Format): boolean {
  try {
    return format.meaning(format.parse(text)) !== meant;
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}
