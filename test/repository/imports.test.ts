/**
 * Who may import whom, and that no scenario is named where it does not belong. The check is run on a planted
 * violation too, so that it is known to be able to fail.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** For each part: what it may import of ours, as prefixes of repository paths. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  faults: ['faults/', 'harness/contract/'],
  scenarios: ['scenarios/', 'harness/contract/'],
  results: ['results/'],
  analysis: ['analysis/', 'results/'],
  harness: ['harness/', 'faults/catalogue.ts', 'scenarios/catalogue.ts', 'results/', 'analysis/'],
};

/** What only the harness may use; a scenario's application and workload run elsewhere and are excepted. */
const HARNESS_ONLY = [/^testcontainers$/, /^dockerode$/, /^(node:)?child_process$/];
const EXCEPTED = /^scenarios\/[^/]+\/(application|workload)\//;

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function sources(part: string): SourceFile[] {
  return readdirSync(path.join(ROOT, part), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.includes('/trials/'))
    .map((file) => ({
      path: path.posix.join(part, file),
      text: readFileSync(path.join(ROOT, part, file), 'utf8'),
    }));
}

function importsOf(file: SourceFile): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;
  return [...file.text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function violationsOf(file: SourceFile): string[] {
  const [part = ''] = file.path.split('/');
  return importsOf(file).flatMap((target) => {
    if (!target.startsWith('.')) {
      const forbidden =
        part !== 'harness' && !EXCEPTED.test(file.path) && HARNESS_ONLY.some((one) => one.test(target));
      return forbidden ? [`${file.path} imports ${target}, which only harness may`] : [];
    }
    const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file.path), target));
    const allowed = ALLOWED[part] ?? [];
    return allowed.some((prefix) => resolved.startsWith(prefix))
      ? []
      : [`${file.path} imports ${resolved}; allowed are ${allowed.join(', ')}`];
  });
}

describe('import directions', () => {
  for (const part of Object.keys(ALLOWED)) {
    it(`${part} imports only ${ALLOWED[part]?.join(', ')}`, () => {
      const files = sources(part);
      expect(files, 'files that are checked').to.not.be.empty;
      expect(files.flatMap(violationsOf)).to.deep.equal([]);
    });
  }

  it('finds planted violations', () => {
    const planted = [
      { path: 'faults/planted.ts', text: "import { runTrial } from '../harness/trial/trial.ts';" },
      { path: 'analysis/planted.ts', text: "import type { Plan } from '../harness/contract/plan.ts';" },
      { path: 'results/planted.ts', text: "export { judge } from '../analysis/judge.ts';" },
      { path: 'scenarios/auction/planted.ts', text: "import { execFile } from 'node:child_process';" },
      { path: 'harness/planted.ts', text: "const late = import('../scenarios/auction/facts.ts');" },
    ];
    for (const file of planted) expect(violationsOf(file), file.path).to.have.lengthOf(1);
  });

  it('keeps the contract free of code that runs', () => {
    const running = sources('harness/contract').filter(({ text }) =>
      /^export (const|let|var|function|class|async)\b/m.test(text),
    );
    expect(running.map((file) => file.path)).to.deep.equal([]);
  });
});

describe('names of scenarios', () => {
  const names = readdirSync(path.join(ROOT, 'scenarios'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  const naming = (file: SourceFile) =>
    names
      .filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(file.text))
      .map((name) => `${file.path} names ${name}`);

  it('stand only in scenarios, documents and tests', () => {
    expect(names).to.not.be.empty;
    const elsewhere = ['harness', 'faults', 'results', 'analysis'].flatMap(sources);
    // The default of --scenario is the one place where the command line must name one.
    const allowed = elsewhere.filter((file) => file.path !== 'harness/commands/trial-options.ts');
    expect(allowed.flatMap(naming)).to.deep.equal([]);
  });

  it('would be found', () => {
    expect(
      naming({ path: 'faults/planted.ts', text: `const path = '/srv/${names[0]}/static';` }),
    ).to.have.lengthOf(1);
  });
});
