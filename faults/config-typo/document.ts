/**
 * Configuration as a tree that keeps every character: what stands between words, comments and line ends is part of
 * it, so that printing what was parsed gives the same text, and a mutation changes what it means to change alone.
 */
import type { ConfigurationFormat } from '../../harness/contract/scenario.ts';

/** A word after a directive's name, with what stands before it: blanks, a continued line, an equals sign. */
export interface Word {
  readonly gap: string;
  readonly text: string;
}

interface Head {
  /** Line of the name, from 1. */
  readonly line: number;
  /** What stands before the name: indentation, an opening bracket. */
  readonly lead: string;
  /** Empty where the format has no name there, as for an element of a list. */
  readonly name: string;
  readonly words: readonly Word[];
  /** What stands after the last word: blanks, a comment, a bracket, the line's end. */
  readonly end: string;
}

/** One setting. */
export interface Directive extends Head {
  readonly node: 'directive';
}

/** A setting that holds others. */
export interface Section extends Head {
  readonly node: 'section';
  readonly children: readonly Entry[];
  /** What closes it; empty where only the next section's head does. */
  readonly close: string;
}

/** Comments and empty lines. */
export interface Trivia {
  readonly node: 'trivia';
  readonly text: string;
}

/** A part of a document. */
export type Entry = Directive | Section | Trivia;

/** A parsed file. */
export interface Document {
  readonly format: ConfigurationFormat;
  /** What keeps entries apart: line ends, or a comma between them. */
  readonly apart: 'lines' | 'commas';
  readonly children: readonly Entry[];
}

/** What is the same in every format, and what is not. */
export interface Format {
  readonly name: ConfigurationFormat;
  /** @throws SyntaxError with format, line, and what was seen. */
  readonly parse: (text: string) => Document;
  readonly print: (document: Document) => string;
  /**
   * What the file says to who reads it, in some notation: equal for two documents that mean the same. Knows the
   * format (letter case of names, repeated options), not what single directives do.
   */
  readonly meaning: (document: Document) => string;
  /** Whether a setting may stand in no section. */
  readonly unsectioned: boolean;
  /** Whether a directive may lose its last word and still be one. */
  readonly barewords: boolean;
}

/** The text of a document that was parsed, or altered. */
export function printDocument(document: Document): string {
  return document.apart === 'lines' ? linesOf(document) : membersOf(document.children);
}

/** An entry that was the file's last may lack its line end; where another one follows now, it gets one. */
function linesOf({ children }: Document): string {
  let text = '';
  const newline = children.some(endsInCrLf) ? '\r\n' : '\n';
  const add = (piece: string) => {
    if (piece === '') return;
    text += text === '' || text.endsWith('\n') ? piece : `${newline}${piece}`;
  };
  const visit = (entry: Entry): void => {
    add(entry.node === 'trivia' ? entry.text : headOf(entry));
    if (entry.node !== 'section') return;
    entry.children.forEach(visit);
    add(entry.close);
  };
  children.forEach(visit);
  return text;
}

function endsInCrLf(entry: Entry): boolean {
  return (entry.node === 'trivia' ? entry.text : entry.end).endsWith('\r\n');
}

function membersOf(children: readonly Entry[]): string {
  const texts = children.map((entry) => {
    if (entry.node === 'trivia') return entry.text;
    return entry.node === 'directive'
      ? headOf(entry)
      : `${headOf(entry)}${membersOf(entry.children)}${entry.close}`;
  });
  return texts.join(',');
}

/** A directive, or the head of a section, as it is printed. */
export function headOf({ lead, name, words, end }: Head): string {
  return `${lead}${name}${words.map(({ gap, text }) => `${gap}${text}`).join('')}${end}`;
}

/**
 * The document with an entry (found by identity) replaced by others; none: it is left out. Entries that neither are it nor
 * hold it stay the same objects.
 */
export function withReplaced(document: Document, target: Entry, others: readonly Entry[]): Document {
  const within = (children: readonly Entry[]): readonly Entry[] => {
    const changed = children.flatMap((entry): readonly Entry[] => {
      if (entry === target) return others;
      if (entry.node !== 'section') return [entry];
      const inner = within(entry.children);
      return inner === entry.children ? [entry] : [{ ...entry, children: inner }];
    });
    const isSame = changed.length === children.length && changed.every((entry, at) => entry === children[at]);
    return isSame ? children : changed;
  };
  return { ...document, children: within(document.children) };
}

/** A text that is not of its format. */
export function syntaxError(
  format: ConfigurationFormat,
  line: number,
  seen: string,
  wanted: string,
): SyntaxError {
  return new SyntaxError(`parse ${format}: line ${line}: ${wanted}, but there is ${JSON.stringify(seen)}`);
}

/** A line of a text with what ends it, and its number from 1. */
export interface TextLine {
  readonly number: number;
  readonly body: string;
  readonly end: string;
}

/** The lines of a text; the last one's end is empty where the text has none. */
export function linesIn(text: string): TextLine[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .map(([, body = '', end = ''], index) => ({ number: index + 1, body, end }))
    .filter(({ body, end }) => body !== '' || end !== '');
}
