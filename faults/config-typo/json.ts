/** JSON (RFC 8259): members of objects are directives, objects and lists are sections, commas stand between them. */
import { type Document, type Entry, type Format, printDocument, syntaxError } from './document.ts';

const NAME = 'json';
const BLANK = /[ \t\r\n]*/y;
const STRING = /"(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[^"\\\p{Cc}]|\x7f|[\x80-\x9f])*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The format `json`. */
export const json: Format = {
  name: NAME,
  parse: (text) => new JsonReader(text).document(),
  print: printDocument,
  meaning: (document) => JSON.stringify(ordered(JSON.parse(printDocument(document)))),
  unsectioned: false,
  barewords: false,
};

/** Reads one text from its beginning to its end. */
class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Document {
    const root = this.#value(this.#take(BLANK), '', '', this.#line());
    if (this.#at < this.#text.length) this.#fail('the text has to end after its one value');
    return { format: NAME, apart: 'commas', children: [root] };
  }

  /** A value whose name, if any, was read; with the blanks behind it. */
  #value(lead: string, name: string, colon: string, line: number): Entry {
    const open = this.#text.charAt(this.#at);
    if (open !== '{' && open !== '[') {
      const text = this.#take(STRING) || this.#take(SCALAR);
      if (text === '') this.#fail('there has to be a value');
      return {
        node: 'directive',
        line,
        lead,
        name,
        words: [{ gap: colon, text }],
        end: this.#take(BLANK),
      };
    }
    this.#at += 1;
    const closing = open === '{' ? '}' : ']';
    const { children, rest } = this.#children(closing);
    this.#at += 1;
    const close = `${rest}${closing}${this.#take(BLANK)}`;
    return { node: 'section', line, lead, name, words: [], end: `${colon}${open}`, children, close };
  }

  /** What stands before the closing bracket: the children, or blanks where there are none. */
  #children(closing: string): { readonly children: readonly Entry[]; readonly rest: string } {
    const blank = this.#take(BLANK);
    if (this.#text.charAt(this.#at) === closing) return { children: [], rest: blank };
    const children = [this.#child(blank, closing)];
    while (this.#text.charAt(this.#at) === ',') {
      this.#at += 1;
      children.push(this.#child(this.#take(BLANK), closing));
    }
    if (this.#text.charAt(this.#at) !== closing) this.#fail(`there has to be "," or "${closing}"`);
    return { children, rest: '' };
  }

  #child(lead: string, closing: string): Entry {
    const line = this.#line();
    if (closing === ']') return this.#value(lead, '', '', line);
    const name = this.#take(STRING);
    if (name === '') this.#fail('a member has to have a name in double quotes');
    const before = this.#take(BLANK);
    if (this.#text.charAt(this.#at) !== ':') this.#fail('there has to be ":" after a name');
    this.#at += 1;
    return this.#value(lead, name, `${before}:${this.#take(BLANK)}`, line);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += taken.length;
    return taken;
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split('\n').length;
  }

  #fail(wanted: string): never {
    const seen = this.#text.slice(this.#at).split('\n')[0] ?? '';
    throw syntaxError(NAME, this.#line(), seen.slice(0, 60) || 'the end of the text', wanted);
  }
}

/** Objects as their members in the order of the names, in which they do not differ. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return {
    object: Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, ordered(one)]),
  };
}
