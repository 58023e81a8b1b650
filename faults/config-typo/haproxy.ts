/**
 * Configuration of HAProxy: sections that begin with a keyword and end where the next one begins, directives with
 * words that may be quoted or escaped, comments to the end of a line (HAProxy “Configuration Manual”, 2.1 to 2.3).
 */
import {
  type Directive,
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

const NAME = 'haproxy';
const WORD = /([^\S\n]*)((?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s#"'\\])+)/y;
const SECTIONS: ReadonlySet<string> = new Set([
  ...['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'userlist', 'mailers'],
  ...['program', 'cache', 'http-errors', 'ring', 'log-forward', 'fcgi-app', 'crt-store', 'traces'],
]);

/** The format `haproxy`. */
export const haproxy: Format = {
  name: NAME,
  parse,
  print: printDocument,
  meaning: (document) => JSON.stringify(document.children.flatMap(meaningOf)),
  unsectioned: false,
  barewords: true,
};

function parse(text: string): Document {
  const root: Entry[] = [];
  let children = root;
  for (const line of linesIn(text)) {
    const head = headFrom(line);
    if (head === undefined) {
      children.push({ node: 'trivia', text: `${line.body}${line.end}` });
    } else if (SECTIONS.has(head.name)) {
      children = [];
      const section: Section = { ...head, node: 'section', children, close: '' };
      root.push(section);
    } else if (children === root && !head.name.startsWith('.')) {
      throw syntaxError(NAME, line.number, head.name, 'a directive has to stand in a section');
    } else {
      children.push({ node: 'directive', ...head });
    }
  }
  return { format: NAME, apart: 'lines', children: root };
}

function headFrom({ number, body, end }: TextLine): Omit<Directive, 'node'> | undefined {
  const words: Word[] = [];
  let at = 0;
  WORD.lastIndex = 0;
  for (let match = WORD.exec(body); match !== null; match = WORD.exec(body)) {
    words.push({ gap: match[1] ?? '', text: match[2] ?? '' });
    at = WORD.lastIndex;
  }
  const rest = body.slice(at);
  if (!/^\s*(#|$)/.test(rest))
    throw syntaxError(NAME, number, rest.trim(), 'quotes have to be closed and escapes complete');
  const [name, ...others] = words;
  if (name === undefined) return undefined;
  return { line: number, lead: name.gap, name: name.text, words: others, end: `${rest}${end}` };
}

/** A time without a unit is in milliseconds. */
function meaningOf(entry: Entry): unknown[] {
  if (entry.node === 'trivia') return [];
  const said = [entry.name, ...entry.words.map(({ text }) => text.replace(/^(\d+)ms$/, '$1'))];
  return [entry.node === 'section' ? [...said, entry.children.flatMap(meaningOf)] : said];
}
