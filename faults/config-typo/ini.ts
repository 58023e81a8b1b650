/**
 * Option files of MariaDB: groups in brackets, options with or without a value, comments on lines of their own and
 * behind a value (MariaDB documentation, “Configuring MariaDB with Option Files”).
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
} from './document.ts';

const NAME = 'ini';

/** The format `ini`. */
export const ini: Format = {
  name: NAME,
  parse,
  print: printDocument,
  meaning,
  unsectioned: false,
  barewords: true,
};

function parse(text: string): Document {
  const root: Entry[] = [];
  let children = root;
  for (const line of linesIn(text)) {
    const content = line.body.trim();
    if (content === '' || /^[#;]/.test(content)) {
      children.push({ node: 'trivia', text: `${line.body}${line.end}` });
    } else if (content.startsWith('[')) {
      children = [];
      root.push({ ...groupFrom(line), children });
    } else {
      const option = optionFrom(line);
      if (children === root && !option.name.startsWith('!'))
        throw syntaxError(NAME, line.number, content, 'an option has to stand in a group');
      children.push(option);
    }
  }
  return { format: NAME, apart: 'lines', children: root };
}

function groupFrom({ number, body, end }: TextLine): Section {
  const [, lead = '', name = '', rest = ''] = /^(\s*\[)([^\]]+)(\]\s*(?:[#;].*)?)$/.exec(body) ?? [];
  if (name === '') throw syntaxError(NAME, number, body.trim(), 'a group is a name in brackets');
  return {
    node: 'section',
    line: number,
    lead,
    name,
    words: [],
    end: `${rest}${end}`,
    children: [],
    close: '',
  };
}

function optionFrom({ number, body, end }: TextLine): Directive {
  const said = body.slice(0, commentIn(body)).trimEnd();
  const pattern = /^\s*!/.test(said)
    ? /^(\s*)(!\S+)(?:(\s+)(.*))?$/
    : /^(\s*)([^=\s](?:[^=]*[^=\s])?)(?:(\s*=\s*)(.*))?$/;
  const [, lead = '', name = '', gap, text = ''] = pattern.exec(said) ?? [];
  if (name === '') throw syntaxError(NAME, number, body.trim(), 'an option has to have a name');
  return {
    node: 'directive',
    line: number,
    lead,
    name,
    words: gap === undefined ? [] : [{ gap, text }],
    end: `${body.slice(said.length)}${end}`,
  };
}

/** Where a comment behind a value begins: at a # outside of quotes; else the line's length. */
function commentIn(body: string): number {
  let quote = '';
  for (let index = 0; index < body.length; index += 1) {
    const character = body.charAt(index);
    if (quote === '' && character === '#') return index;
    if (quote === '' && /["']/.test(character)) quote = character;
    else if (character === quote) quote = '';
    else if (quote !== '' && character === '\\') index += 1;
  }
  return body.length;
}

/** Dashes and underscores are the same; what is said last about an option of a group holds. */
function meaning({ children }: Document): string {
  const said = new Map<string, string | null>();
  const visit = (group: string) => (entry: Entry) => {
    if (entry.node === 'section') entry.children.forEach(visit(entry.name));
    if (entry.node === 'directive')
      said.set(`${group}/${entry.name.replaceAll('_', '-')}`, entry.words[0]?.text ?? null);
  };
  children.forEach(visit(''));
  return JSON.stringify([...said].sort(([a], [b]) => (a < b ? -1 : 1)));
}
