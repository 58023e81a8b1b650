/** Commands and names in documents for users: they must be such as the command line accepts. Nothing is run. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { withAddressed } from '../../harness/campaign/addressed.ts';
import { selectFaults } from '../../harness/campaign/selection.ts';
import { COMMANDS } from '../../harness/commands/catalogue.ts';
import { commandsFor, parserOf } from '../../harness/commands/parser.ts';
import { listOf, requestOf, usualOptions } from '../../harness/commands/trial-options.ts';
import { allEntries } from '../../harness/explain/explanation.ts';
import { campaignRequest } from '../campaign/request.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = [
  ...['README.md', 'docs/tutorial.md', 'docs/catalogue.md', 'docs/performance.md', 'docs/nightly.md'],
  ...['docs/claims.md', 'docs/judgement.md', 'docs/reading-results.md', 'results/README.md'],
];
/** Programs beside the project's own that a reader is told to use. */
const PROGRAMS = ['docker', 'grep', 'less', 'cat'];
/** The fault that the reader of the tutorial makes, and that of the README's shortened example. */
const MADE_BY_READERS = ['content-omitted'];

const textOf = (document: string) => readFileSync(path.join(ROOT, document), 'utf8');

/** Lines of a document that may be commands: indented ones, and those of scripts. */
function commandsIn(document: string): string[] {
  const text = textOf(document);
  const indented = text.split('\n').filter((line) => /^ {4}\S/.test(line));
  const scripts = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, script = '']) => script);
  return [...indented, ...scripts.join('').split('\n')].map(asTyped);
}

/** Without remarks and what the shell does with the output; what may be left out stands in brackets, and is there. */
function asTyped(line: string): string {
  const command = line.replace(/\s+#.*$/, '').replace(/\s+(\d?>|\|\|).*$/, '');
  return command.replaceAll(/\[([^\]]*)\]/g, '$1').trim();
}

const wordsOf = (command: string): string[] =>
  (command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));

/** What the command line understands; `UsageError` where it does not. */
async function parsed(words: readonly string[]) {
  const idle = COMMANDS.map((command) => ({ ...command, handler: () => undefined }));
  return parserOf(words, idle).parseAsync() as Promise<Record<string, unknown>>;
}

function assertNamesExist(options: Record<string, unknown>): void {
  const approaches = typeof options.approach === 'string' ? listOf(options.approach) : ['rolling', 'imago'];
  const request = requestOf(usualOptions(), {
    ...{ approaches, faults: [], reps: 1, controls: 0, port: 0 },
  });
  for (const option of [options.fault, options.faults])
    if (typeof option === 'string') {
      const named = listOf(option).filter((name) => !MADE_BY_READERS.includes(name));
      withAddressed('documents', { ...request, faults: selectFaults('documents', named) });
    }
}

for (const document of DOCUMENTS)
  describe(`${document}`, () => {
    const commands = commandsIn(document).filter((line) =>
      /^(\.\/upfault|npm|docker|grep|less|cat)\b/.test(line),
    );

    it('has commands', () => expect(commands).to.not.be.empty);

    for (const command of commands)
      it(`can be followed: ${command}`, async () => {
        const [program = '', ...words] = wordsOf(command);
        if (program === './upfault') assertNamesExist(await parsed(words));
        else if (program === 'npm') {
          const script = words[0] === 'run' ? words[1] : words[0];
          const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
          expect(Object.keys(scripts)).to.include(script?.replace(/^--$/, ''));
        } else expect(PROGRAMS).to.include(program);
      });

    it('links to files that are there', () => {
      const links = [...textOf(document).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^https?:/.test(link));
      const missing = links.filter((link) => !existsSync(path.join(ROOT, path.dirname(document), link)));
      expect(missing).to.deep.equal([]);
    });
  });

describe('commands by their name', () => {
  for (const command of COMMANDS) {
    const [word = ''] = String(command.command).split(' ');
    it(`${word} is loaded alone`, async () => {
      expect(await commandsFor([word, '--help'])).to.deep.equal([command]);
    });
  }

  it('are all loaded where none is named', async () => {
    for (const words of [[], ['--help'], ['errors'], ['../cli'], ['nonsense']])
      expect(await commandsFor(words)).to.equal(COMMANDS);
  });
});

describe('the check of written commands', () => {
  it('fails for an option, a command, a fault or a step that there is not', async () => {
    for (const wrong of ['run --frobnicate', 'frobnicate', 'list nonsense'])
      expect(await parsed(wordsOf(wrong)).catch(({ name }: Error) => name), wrong).to.equal('UsageError');
    for (const wrong of ['explain no-such-fault', 'run --fault omit@web1/no-such-step'])
      expect(
        await parsed(wordsOf(wrong))
          .then(assertNamesExist)
          .catch(({ name }: Error) => name),
        wrong,
      ).to.equal('UsageError');
  });
});

describe('docs/catalogue.md', () => {
  it('has every field of `list faults --json`, and no other', () => {
    const documented = [...textOf('docs/catalogue.md').matchAll(/^\| (\w+) \|/gm)]
      .map(([, field]) => field)
      .filter((field) => field !== 'field');
    for (const entry of allEntries(campaignRequest())) expect(Object.keys(entry)).to.have.members(documented);
  });
});
