/**
 * Configuration of the Apache HTTP server: directives with words, sections that are closed by name, lines that go on
 * after a backslash, also those of comments (httpd 2.4, “Configuration Files”).
 */
import {
  type Document,
  type Entry,
  type Format,
  linesIn,
  printDocument,
  type Section,
  syntaxError,
  type TextLine,
  type Word,
} from './document.ts';

const NAME = 'apache';
const BLANK = String.raw`(?:\\\r?\n|[^\S\n])`;
const LEAD = new RegExp(`^${BLANK}*`);
const WORD = new RegExp(
  String.raw`(${BLANK}*)("(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|(?:(?!\\\r?\n)\S)+)`,
  'y',
);

/** The format `apache`. */
export const apache: Format = {
  name: NAME,
  parse,
  print: printDocument,
  meaning: (document) => JSON.stringify(document.children.flatMap(meaningOf)),
  unsectioned: true,
  barewords: true,
};

/** A section whose end has not been seen. */
interface OpenSection {
  readonly head: Omit<Section, 'children' | 'close'>;
  readonly children: Entry[];
}

function parse(text: string): Document {
  const root: Entry[] = [];
  const open: OpenSection[] = [];
  for (const line of logicalLines(text)) {
    const children = open.at(-1)?.children ?? root;
    const lead = LEAD.exec(line.body)?.[0] ?? '';
    const rest = line.body.slice(lead.length);
    const number = line.number + (lead.match(/\n/g)?.length ?? 0);
    if (rest === '' || rest.startsWith('#')) {
      children.push({ node: 'trivia', text: `${line.body}${line.end}` });
    } else if (rest.startsWith('</')) {
      const section = closed(open.pop(), rest, number, `${line.body}${line.end}`);
      (open.at(-1)?.children ?? root).push(section);
    } else if (rest.startsWith('<')) {
      open.push({ head: opened(lead, rest, number, line.end), children: [] });
    } else {
      children.push({ node: 'directive', ...headFrom(lead, rest, number, line.end) });
    }
  }
  const left = open.at(-1);
  if (left !== undefined)
    throw syntaxError(NAME, left.head.line, `<${left.head.name}`, 'every section has to be closed');
  return { format: NAME, apart: 'lines', children: root };
}

function opened(lead: string, rest: string, line: number, end: string): OpenSection['head'] {
  const at = rest.lastIndexOf('>');
  const after = rest.slice(at + 1);
  if (at < 0 || after.trim() !== '')
    throw syntaxError(NAME, line, rest, 'the head of a section has to end with ">"');
  const inner = rest.slice(1, at);
  if (!/^\w/.test(inner)) throw syntaxError(NAME, line, rest, 'a section has to have a name');
  return { node: 'section', ...headFrom(`${lead}<`, inner, line, `>${after}${end}`) };
}

function closed(section: OpenSection | undefined, rest: string, line: number, close: string): Section {
  const name = /^<\/([^\s>]+)\s*>\s*$/.exec(rest)?.[1];
  if (section === undefined || name?.toLowerCase() !== section.head.name.toLowerCase()) {
    const wanted = section === undefined ? 'no section is open' : `</${section.head.name}> has to come first`;
    throw syntaxError(NAME, line, rest, wanted);
  }
  return { ...section.head, children: section.children, close };
}

function headFrom(lead: string, rest: string, line: number, end: string) {
  const [first, ...words] = wordsIn(rest);
  const length = [first, ...words].reduce(
    (sum, word) => sum + (word?.gap.length ?? 0) + (word?.text.length ?? 0),
    0,
  );
  return { line, lead, name: first?.text ?? '', words, end: `${rest.slice(length)}${end}` };
}

function wordsIn(rest: string): Word[] {
  const words: Word[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(rest); match !== null; match = WORD.exec(rest)) {
    words.push({ gap: match[1] ?? '', text: match[2] ?? '' });
  }
  return words;
}

function logicalLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  let begun: TextLine | undefined;
  for (const line of linesIn(text)) {
    const whole: TextLine =
      begun === undefined ? line : { ...line, number: begun.number, body: `${begun.body}${line.body}` };
    const goesOn = line.body.endsWith('\\') && line.end !== '';
    begun = goesOn ? { ...whole, body: `${whole.body}${line.end}` } : undefined;
    if (!goesOn) lines.push(whole);
  }
  return begun === undefined ? lines : [...lines, { ...begun, end: '' }];
}

/** Names are the same in any letter case; quotes and the way over continued lines mean nothing. */
function meaningOf(entry: Entry): unknown[] {
  if (entry.node === 'trivia') return [];
  const words = entry.words.map(({ text }) => text.replaceAll(/^(["'])([\s\S]*)\1$/g, '$2'));
  const said = [entry.name.toLowerCase(), ...words];
  return [entry.node === 'section' ? [...said, entry.children.flatMap(meaningOf)] : said];
}
