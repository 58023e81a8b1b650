/** Files of each format as people leave them: odd blanks, comments, continued lines, quotes, either line end, or none at the end. */
import fc from 'fast-check';
import type { ConfigurationFormat } from '../../../harness/contract/scenario.ts';

const blank = fc.constantFrom('', ' ', '\t', '   ', ' \t ');
const gap = fc.constantFrom(' ', '\t', '  \t');
const name = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,8}$/);
const lineEnd = fc.constantFrom('\n', '\r\n');
const comment = fc.stringMatching(/^#[ -~]{0,12}$/);
const lastLine = fc.boolean();

/** Lines put together with one line end; perhaps none after the last one. */
function file(lines: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  return fc.tuple(lines, lineEnd, lastLine).map(([list, end, ended]) => {
    const text = list.map((line) => line.replaceAll('\n', end)).join(end);
    return ended && text !== '' ? `${text}${end}` : text;
  });
}

const apacheWord = fc.oneof(
  fc.stringMatching(/^[!-;=?-[\]-~]{1,8}$/).map((text) => text.replaceAll(/["']/g, 'q')),
  fc.stringMatching(/^"([ -!#-[\]-~]|\\["\\n]){0,8}"$/),
  fc.constantFrom("'single quoted'", '"@@secret:x@@"', '@@address:web1@@:443', '"unclosed', '%{X}e'),
);
const apacheGap = fc.oneof(gap, fc.constant(' \\\n  '));
const words = (word: fc.Arbitrary<string>, between: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(between, word), { maxLength: 3 }).map((list) => list.flat().join(''));
const apacheLine = fc.oneof(
  fc.tuple(blank, name, words(apacheWord, apacheGap), blank).map((parts) => parts.join('')),
  fc.tuple(blank, comment).map((parts) => parts.join('').replace(/\\$/, '')),
  fc.constantFrom('', '   ', '# a comment \\\nthat goes on', '\\\n  Listen 80'),
);
const apacheBlock = fc.letrec<{ block: readonly string[] }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3 },
    apacheLine.map((line) => [line]),
    fc
      .tuple(blank, name, words(apacheWord, gap), blank, fc.array(tie('block'), { maxLength: 3 }), blank)
      .map(([lead, section, head, before, children, after]) => [
        `${lead}<${section}${head}${before}>${after}`,
        ...children.flat(),
        `${after}</${section.toUpperCase()}${before}>${lead}`,
      ]),
  ),
})).block;

const haproxyWord = fc.oneof(
  fc.stringMatching(/^[!$-&(-[\]-~]{1,8}$/),
  fc.constantFrom('"a # b"', "'it''s'", 'a\\ b', '\\#', '@@address:web1@@:443', '%[src]', '"a \\" b"'),
);
const haproxyLine = fc.oneof(
  fc
    .tuple(blank, name, words(haproxyWord, gap), blank, fc.oneof(fc.constant(''), comment))
    .map((parts) => parts.join('')),
  fc.tuple(blank, fc.oneof(fc.constant(''), comment)).map((parts) => parts.join('')),
);
const haproxySection = fc
  .tuple(
    fc.constantFrom('global', 'defaults', 'frontend site', 'backend\tweb # here', '  listen x'),
    fc.array(haproxyLine, { maxLength: 5 }),
  )
  .map(([head, lines]) => [head, ...lines]);

const iniLine = fc.oneof(
  fc
    .tuple(blank, name, blank, fc.constant('='), blank, fc.stringMatching(/^[!-~]{0,8}$/), blank)
    .map((parts) => parts.join('')),
  fc.tuple(blank, name, blank).map((parts) => parts.join('')),
  fc.constantFrom('', ' ', '; note', '# note', 'a = "x # y" # z', '!include /etc/x.cnf', 'key =', 'a b = c'),
);
const iniGroup = fc
  .tuple(
    fc.constantFrom('[mariadbd]', '  [client] ', '[mysqld_safe]# note'),
    fc.array(iniLine, { maxLength: 5 }),
  )
  .map(([head, lines]) => [head, ...lines]);

const jsonBlank = fc.constantFrom('', ' ', '\n', '\r\n  ', '\t');
const jsonText = fc
  .tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(undefined, 2, '\t'), jsonBlank, jsonBlank)
  .map(([value, indent, before, after]) => `${before}${JSON.stringify(value, null, indent)}${after}`);

/** Texts of each format, all of which parse. */
export const arbitraryFile: Readonly<Record<ConfigurationFormat, fc.Arbitrary<string>>> = {
  apache: file(fc.array(apacheBlock, { maxLength: 5 }).map((blocks) => blocks.flat())),
  haproxy: file(fc.array(haproxySection, { maxLength: 4 }).map((sections) => sections.flat())),
  ini: file(fc.array(iniGroup, { maxLength: 4 }).map((groups) => groups.flat())),
  json: jsonText,
};
