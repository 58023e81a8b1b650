import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ContextFile, ImageSpec } from '../../harness/contract/topology.ts';
import { collectContext } from '../../harness/setup/build-context.ts';
import { contentHash, imageTag } from '../../harness/setup/content-hash.ts';

const spec = (context: readonly ContextFile[]): ImageSpec => ({
  name: 'sample-app',
  release: 'old',
  suite: 'bookworm',
  dockerfile: 'Dockerfile.sample',
  context,
  args: { SCALE: '0.02' },
});

/** A small project; `reversed` writes the same files in the opposite order. */
function makeProject(reversed = false): string {
  const root = mkdtempSync(join(tmpdir(), 'upfault-context-'));
  const files = [
    ['Dockerfile.sample', 'ARG BASE\nFROM $BASE\n'],
    ['content/b.txt', 'b'],
    ['content/deep/a.txt', 'a'],
    ['app.ts', "import { answer } from './answer.ts';\nconsole.log(answer);\n"],
    ['answer.ts', 'export const answer: number = 42;\n'],
  ] as const;
  for (const [name, text] of reversed ? [...files].reverse() : files) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe('build context of an image', () => {
  const roots: string[] = [];
  const project = (reversed?: boolean): string => {
    const root = makeProject(reversed);
    roots.push(root);
    return root;
  };
  const full: readonly ContextFile[] = [
    { kind: 'copy', from: 'content', to: 'pages' },
    { kind: 'bundle', entry: 'app.ts', to: 'app.cjs', node: 18 },
  ];
  const hashOf = async (
    root: string,
    context: readonly ContextFile[] = full,
    args = spec([]).args,
    base = 'sha256:1',
  ) => contentHash(args, base, await collectContext(spec(context), root));

  afterEach(() => {
    for (const root of roots.splice(0)) rmSync(root, { recursive: true });
  });

  it('holds the Dockerfile, copied folders and bundles, sorted by path', async () => {
    const entries = await collectContext(spec(full), project());
    expect(entries.map(({ path }) => path)).to.deep.equal([
      'Dockerfile',
      'app.cjs',
      'pages/b.txt',
      'pages/deep/a.txt',
    ]);
  });

  it('gives the same hash for the same sources in another folder, written in another order', async () => {
    expect(await hashOf(project(true))).to.equal(await hashOf(project()));
  });

  it('does not depend on the umask of the checkout', async () => {
    const root = project();
    const before = await hashOf(root);
    chmodSync(join(root, 'content/b.txt'), 0o600);
    expect(await hashOf(root)).to.equal(before);
  });

  for (const [what, change] of [
    ['a copied file', (root: string) => writeFileSync(join(root, 'content/b.txt'), 'c')],
    ['a new file', (root: string) => writeFileSync(join(root, 'content/c.txt'), '')],
    [
      'a source of a bundle',
      (root: string) => writeFileSync(join(root, 'answer.ts'), 'export const answer = 43;\n'),
    ],
    [
      'the Dockerfile',
      (root: string) => writeFileSync(join(root, 'Dockerfile.sample'), 'ARG BASE\nFROM $BASE\nRUN true\n'),
    ],
    ['an executable bit', (root: string) => chmodSync(join(root, 'content/b.txt'), 0o755)],
  ] as const) {
    it(`gives another hash after a change of ${what}`, async () => {
      const root = project();
      const before = await hashOf(root);
      change(root);
      expect(await hashOf(root)).not.to.equal(before);
    });
  }

  it('gives another hash for other arguments and another base image', async () => {
    const root = project();
    const hashes = [
      await hashOf(root),
      await hashOf(root, full, { SCALE: '1' }),
      await hashOf(root, full, { SCALE: '0.02' }, 'sha256:2'),
    ];
    expect(new Set(hashes).size).to.equal(3);
  });

  it('hashes fields with their boundaries', () => {
    expect(contentHash({ a: 'bc' }, 'base', [])).not.to.equal(contentHash({ ab: 'c' }, 'base', []));
  });

  it('names images after project, release and hash', () => {
    expect(imageTag({ name: 'sample-app', release: 'new' }, '0123456789ab')).to.equal(
      'upfault/sample-app:new-0123456789ab',
    );
  });

  for (const [what, context, message] of [
    ['a missing file', [{ kind: 'copy', from: 'none', to: 'none' }], 'there is no none to copy'],
    [
      'two entries of one name',
      [
        { kind: 'copy', from: 'app.ts', to: 'x' },
        { kind: 'copy', from: 'answer.ts', to: './x' },
      ],
      'named x',
    ],
    [
      'a bundle that does not build',
      [{ kind: 'bundle', entry: 'Dockerfile.sample', to: 'x', node: 18 }],
      'bundle Dockerfile.sample',
    ],
  ] as const) {
    it(`names image and subject for ${what}`, async () => {
      const error = await collectContext(spec(context), project()).then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error?.message).to.include('image sample-app (old)').and.to.include(message);
    });
  }
});
