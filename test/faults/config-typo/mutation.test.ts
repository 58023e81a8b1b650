import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Entry } from '../../../faults/config-typo/document.ts';
import { formats } from '../../../faults/config-typo/formats.ts';
import { neighbours } from '../../../faults/config-typo/keyboard.ts';
import { us } from '../../../faults/config-typo/layouts/us.ts';
import { type Mutation, mutate } from '../../../faults/config-typo/mutation.ts';
import { miscounted } from '../../../faults/config-typo/numbers.ts';
import { restructured } from '../../../faults/config-typo/structure.ts';
import { mistyped, TYPOS } from '../../../faults/config-typo/typos.ts';
import type { ConfigurationFormat } from '../../../harness/contract/scenario.ts';
import { randomStream } from '../../../harness/plan/random.ts';
import { arbitraryFile } from './arbitrary-files.ts';
import { type PlannedFile, plannedFiles } from './planned-files.ts';

const NAMES = Object.keys(formats) as ConfigurationFormat[];
const PLACEHOLDER = /@@\w+:[\w.-]+@@/g;

const drawnFrom = (seed: number) => randomStream(seed, 'mutation').below;

function mutated({ content, format }: Pick<PlannedFile, 'content' | 'format'>, seed: number): Mutation {
  return mutate(content, formats[format], drawnFrom(seed)) ?? expect.fail(`nothing to mutate in ${content}`);
}

/** How often each placeholder stands in a text. */
function placeholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([one]) => one).sort();
}

/** Names of all settings. */
function namesIn(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.node === 'trivia') return [];
    return entry.node === 'section' ? namesIn(entry.children) : [entry.name];
  });
}

function comments(text: string): string[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => /^\s*[#;].*/.exec(line) ?? [])
    .sort();
}

describe('mutations of configuration', () => {
  const files = plannedFiles();

  it('change what a planned file means, and neither comments nor placeholders', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(1_000_000), (file, seed) => {
        const { parse, meaning } = formats[file.format];
        const { text, kind, change, line, what } = mutated(file, seed);
        expect(what).to.match(/^[^\n]+$/);
        expect(line).to.be.within(1, file.content.split('\n').length);
        expect(comments(text)).to.deep.equal(comments(file.content));
        // A placeholder goes with its setting, and is never torn.
        expect(text.replaceAll(PLACEHOLDER, '').includes('@@'), what).to.equal(false);
        if (kind !== 'structure' || change === 'moved' || change === 'closed-early')
          expect(placeholders(text), what).to.deep.equal(placeholders(file.content));
        else expect(placeholders(file.content)).to.include.members(placeholders(text));
        let otherwise = true;
        try {
          otherwise = meaning(parse(text)) !== meaning(parse(file.content));
        } catch (error) {
          expect(error).to.be.instanceOf(SyntaxError);
        }
        expect(otherwise, what).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('of any file can be made, or there is nothing in it to get wrong', () => {
    for (const name of NAMES) {
      fc.assert(
        fc.property(arbitraryFile[name], fc.nat(1_000_000), (text, seed) => {
          const mutation = mutate(text, formats[name], drawnFrom(seed));
          if (mutation !== undefined) expect(mutation.text).to.not.equal(text);
          else expect(namesIn(formats[name].parse(text).children).join(' ')).to.not.match(/[A-Za-z]{2}/);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('are the same for the same seed for ever', () => {
    const sample: Readonly<Record<ConfigurationFormat, string>> = {
      apache:
        'Listen 443\n<VirtualHost *:443>\n    DocumentRoot /srv/pages\n    KeepAliveTimeout 75\n    <Location "/admin/">\n        Require valid-user\n    </Location>\n</VirtualHost>\n',
      haproxy:
        'global\n    maxconn 4000\ndefaults\n    timeout client 30s\n    retries 1\nbackend web\n    server web1 @@address:web1@@:443 check\n',
      ini: '[client]\nuser = app\n[mariadbd]\nmax-allowed-packet = 16M\nread-only = OFF\n',
      json: '{\n  "server": { "port": 8081, "name": "app1" },\n  "database": { "password": "@@secret:x@@", "connections": 20 }\n}\n',
    };
    const made = NAMES.flatMap((format) =>
      [1, 2, 3, 4, 5, 6].map((seed) => {
        const { line, what, text } = mutated({ format, content: sample[format] }, seed);
        return `${format} ${seed} ${line} ${what} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
      }),
    );
    expect(made).to.deep.equal(GOLDEN);
  });

  it('hit neighbouring keys of the US layout', () => {
    expect(neighbours(us, 'g')).to.have.members(['t', 'y', 'f', 'h', 'v', 'b']);
    expect(neighbours(us, 'a')).to.have.members(['q', 'w', 's', 'z']);
    expect(neighbours(us, 'P')).to.have.members([')', '_', 'O', '{', 'L', ':']);
    expect(neighbours(us, 'é')).to.deep.equal([]);
  });

  it('mistype words as people do', () => {
    const of = (typo: (typeof TYPOS)[number], text: string) => mistyped(text, typo, us);
    expect(of('letter-omitted', 'abc')).to.deep.equal(['bc', 'ac', 'ab']);
    expect(of('letter-doubled', 'on')).to.deep.equal(['oon', 'onn']);
    expect(of('letters-swapped', '"form"')).to.deep.equal(['"ofrm"', '"from"', '"fomr"']);
    expect(of('case-changed', 'ServerName')).to.deep.equal([
      ...['serverName', 'SErverName', 'ServeRName', 'Servername', 'ServerNAme'],
    ]);
    expect(of('neighbouring-key', 'a')).to.have.members(['q', 'w', 's', 'z']);
    for (const typo of TYPOS) {
      expect(of(typo, '@@secret:key@@'), typo).to.deep.equal([]);
      for (const one of of(typo, 'a@@address:web1@@:443')) expect(one).to.contain('@@address:web1@@');
    }
  });

  it('get amounts and units wrong, and leave names, addresses and versions alone', () => {
    expect(miscounted('50', 'power-of-ten')).to.deep.equal(['500', '5000', '5']);
    expect(miscounted('timeout=6', 'power-of-ten')).to.deep.equal(['timeout=60', 'timeout=600']);
    expect(miscounted('1500ms', 'unit-changed')).to.deep.equal(['1500us', '1500s']);
    expect(miscounted('16M', 'unit-lost')).to.deep.equal(['16']);
    for (const text of ['web1', '10.0.0.1', 'TLSv1.3', 'HTTP/1.1', '0', '@@address:web1@@', '007'])
      expect(miscounted(text, 'power-of-ten'), text).to.deep.equal([]);
  });

  const structures: readonly [
    ConfigurationFormat,
    Parameters<typeof restructured>[1],
    string,
    readonly (readonly [string, string])[],
  ][] = [
    ['apache', 'deleted', '<A>\nB c\n</A>', [['B c deleted', '<A>\n</A>']]],
    ['apache', 'duplicated', '<A>\n</A>\nB c', [['B c duplicated', '<A>\n</A>\nB c\nB c']]],
    ['haproxy', 'truncated', 'global\n log /x y', [['log /x y truncated: log /x', 'global\n log /x']]],
    [
      'haproxy',
      'moved',
      'global\r\n a b\r\nbackend w\r\n c',
      [
        ['a b moved to section backend w', 'global\r\nbackend w\r\n c\r\n a b\r\n'],
        ['c moved to section global', 'global\r\n a b\r\n c\r\nbackend w\r\n'],
      ],
    ],
    [
      'apache',
      'closed-early',
      '<A>\nB c\n# why\nD e\n</A>\n',
      [['section A closed before D e', '<A>\nB c\n# why\n</A>\nD e\n']],
    ],
    [
      'ini',
      'closed-early',
      '[a]\nb=1\nc=2\n[d]\n',
      [['section a closed before c 2', '[a]\nb=1\n[d]\nc=2\n']],
    ],
    [
      'json',
      'moved',
      '{ "a": { "b": 1 }, "c": 2 }',
      [
        ['"b" 1 moved to section at the top', '{ "a": {}, "c": 2 , "b": 1 }'],
        ['"c" 2 moved to section "a"', '{ "a": { "b": 1 , "c": 2 }}'],
      ],
    ],
  ];
  for (const [format, error, text, wanted] of structures) {
    it(`${format}: ${error} in ${JSON.stringify(text)}`, () => {
      const { parse, print } = formats[format];
      const made = restructured(parse(text), error, formats[format]);
      expect(made.map(({ what, document }) => [what, print(document)])).to.deep.equal(wanted);
    });
  }
});

/** Written once. A change here changes what recorded seeds stand for. */
const GOLDEN: readonly string[] = [
  'apache 1 2 VirtualHost: *:443 -> *:44300 99c1bf57',
  'apache 2 1 Listen: 443 -> 4430 b08357e4',
  'apache 3 5 Location: "/admin/" -> "/adin/" 3c3e8e99',
  'apache 4 4 section VirtualHost *:443 closed before KeepAliveTimeout 75 640b07ad',
  'apache 5 3 DocumentRoot: /srv/pages -> /srv/pags f6d4f618',
  'apache 6 6 Require valid-user deleted 40ecc106',
  'haproxy 1 4 timeout: 30s -> 30 e304c8a0',
  'haproxy 2 4 timeout: 30s -> 30 e304c8a0',
  'haproxy 3 7 server: check -> ceck 458e0881',
  'haproxy 4 5 section defaults closed before retries 1 c91753de',
  'haproxy 5 4 timeout: client -> cient 809d5ac9',
  'haproxy 6 7 server web1 @@address:web1@@:443 check deleted 6beddc5a',
  'ini 1 4 max-allowed-packet: 16M -> 16 81adfe50',
  'ini 2 4 max-allowed-packet: 16M -> 16 81adfe50',
  'ini 3 4 max-allowed-packet: 16M -> 6M 819177f5',
  'ini 4 4 max-allowed-packet 16M truncated: max-allowed-packet 380f6f5e',
  'ini 5 4 max-allowed-packet: 16M -> 1M 5f863297',
  'ini 6 4 max-allowed-packet 16M deleted a2026bae',
  'json 1 2 "port": 8081 -> 80810 15a7caad',
  'json 2 3 "connections": 20 -> 2 4be81c67',
  'json 3 2 "port": 8081 -> 801 6dbb6ceb',
  'json 4 2 section "server" closed before "name" "app1" a6c539aa',
  'json 5 2 "port": 8081 -> 881 d9b4446a',
  'json 6 3 "connections" 20 deleted 623336ea',
];
