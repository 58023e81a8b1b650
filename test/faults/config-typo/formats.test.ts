import { expect } from 'chai';
import fc from 'fast-check';
import type { Entry } from '../../../faults/config-typo/document.ts';
import { formats } from '../../../faults/config-typo/formats.ts';
import type { ConfigurationFormat } from '../../../harness/contract/scenario.ts';
import { arbitraryFile } from './arbitrary-files.ts';
import { plannedFiles } from './planned-files.ts';

const NAMES = Object.keys(formats) as ConfigurationFormat[];

/** Names and words of a document's entries, with sections as lists. */
function outline(entries: readonly Entry[]): unknown[] {
  return entries.flatMap((entry) => {
    if (entry.node === 'trivia') return [];
    const said = [entry.name, ...entry.words.map(({ text }) => text)];
    return [entry.node === 'section' ? [said, outline(entry.children)] : said];
  });
}

describe('configuration formats', () => {
  for (const name of NAMES) {
    const { parse, print, meaning } = formats[name];

    it(`${name}: a file is printed as it was parsed, whatever its blanks, comments and line ends`, () => {
      fc.assert(
        fc.property(arbitraryFile[name], (text) => {
          expect(print(parse(text))).to.equal(text);
        }),
        { numRuns: 300 },
      );
    });

    it(`${name}: any text is printed as it was parsed, or is refused with its format and line`, () => {
      const pieces = fc.constantFrom(
        ...['<', '</', '>', 'a', '"', "'", '\\', '\n', '\r\n', '#', '[', ']', '=', '{', '}', ',', ':', ' '],
        ...['global', '1', '@@secret:x@@', '!'],
      );
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((list) => list.join('')),
      );
      fc.assert(
        fc.property(text, (any) => {
          let document: ReturnType<typeof parse>;
          try {
            document = parse(any);
          } catch (error) {
            expect(error).to.be.instanceOf(SyntaxError);
            expect((error as Error).message).to.match(
              new RegExp(`^parse ${name}: line \\d+: .+ but there is "`),
            );
            return;
          }
          expect(print(document)).to.equal(any);
        }),
        { numRuns: 500 },
      );
    });

    it(`${name}: comments and blanks mean nothing`, () => {
      const [file] = plannedFiles().filter(({ format }) => format === name);
      const text = file?.content ?? expect.fail(`no planned file of format ${name}`);
      const airy = text.replaceAll('\n', name === 'json' ? '\n\n  ' : '\n\n  # a remark\n  ');
      expect(airy).to.not.equal(text);
      expect(meaning(parse(airy))).to.equal(meaning(parse(text)));
    });
  }

  it('cover every configuration file that plans write, and each is printed as it was parsed', () => {
    const files = plannedFiles();
    expect(new Set(files.map(({ format }) => format))).to.deep.equal(new Set(NAMES));
    for (const { format, path, content } of files) {
      for (const text of [content, content.replaceAll('\n', '\r\n'), content.trimEnd()]) {
        expect(formats[format].print(formats[format].parse(text)), path).to.equal(text);
      }
    }
  });

  it('read what the servers read', () => {
    expect(
      outline(
        formats.apache.parse(
          'Listen 80\n<VirtualHost *:80>\n  # x \\\n  Nothing here\n  Header set A \\\n   "b \\" c"\n  <If "1 > 0">\n  </If>\n</virtualhost>\n',
        ).children,
      ),
    ).to.deep.equal([
      ['Listen', '80'],
      [
        ['VirtualHost', '*:80'],
        [
          ['Header', 'set', 'A', '"b \\" c"'],
          [['If', '"1 > 0"'], []],
        ],
      ],
    ]);
    expect(
      outline(formats.haproxy.parse('global\n maxconn 10 # most\nbackend a\n server x "a # b"').children),
    ).to.deep.equal([
      [['global'], [['maxconn', '10']]],
      [['backend', 'a'], [['server', 'x', '"a # b"']]],
    ]);
    expect(
      outline(
        formats.ini.parse('[client]\nport=1 # here\nquick\n[mariadbd]\ninit-connect = "a # b"\n').children,
      ),
    ).to.deep.equal([
      [['client'], [['port', '1'], ['quick']]],
      [['mariadbd'], [['init-connect', '"a # b"']]],
    ]);
    expect(outline(formats.json.parse('{"a": {"b": 1}, "c": [true, "x,y"]}').children)).to.deep.equal([
      [
        [''],
        [
          [['"a"'], [['"b"', '1']]],
          [
            ['"c"'],
            [
              ['', 'true'],
              ['', '"x,y"'],
            ],
          ],
        ],
      ],
    ]);
  });

  const broken: readonly [ConfigurationFormat, string, RegExp][] = [
    ['apache', 'Listen 80\n<Directory /srv>\n', /^parse apache: line 2: .*closed.*<Directory"/],
    ['apache', '<A>\n<B>\n</A>\n</B>\n', /^parse apache: line 3: <\/B> has to come first.*<\/A>"/],
    ['apache', '\n</Directory>', /^parse apache: line 2: no section is open/],
    ['apache', '<Directory /srv\n</Directory>', /^parse apache: line 1: .*">"/],
    ['haproxy', 'maxconn 10\n', /^parse haproxy: line 1: .*section, but there is "maxconn"/],
    ['haproxy', 'global\n\n log "x\n', /^parse haproxy: line 3: quotes.*"\\"x"/],
    ['ini', '# x\nport = 1\n', /^parse ini: line 2: an option has to stand in a group.*"port = 1"/],
    ['ini', '[client\n', /^parse ini: line 1: a group is a name in brackets.*"\[client"/],
    ['ini', '[client]\n= 3\n', /^parse ini: line 2: an option has to have a name/],
    ['json', '{\n "a": 1,\n}\n', /^parse json: line 3: a member has to have a name.*"}"/],
    ['json', '{"a": tru}', /^parse json: line 1: there has to be a value.*"tru}"/],
    ['json', '{"a": 1', /^parse json: line 1: .*the end of the text/],
  ];
  for (const [format, text, message] of broken) {
    it(`${format}: ${JSON.stringify(text)} is refused with format, line and what was seen`, () => {
      expect(() => formats[format].parse(text)).to.throw(SyntaxError, message);
    });
  }
});
