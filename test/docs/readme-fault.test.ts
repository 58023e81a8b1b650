/** The fault that the README shows is the one that there is. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const inRoot = (relative: string) =>
  readFile(fileURLToPath(new URL(`../../${relative}`, import.meta.url)), 'utf8');

it('the fault in the README is faults/start-omitted.ts without its imports', async () => {
  const shown = /```ts\n(.*?)```/s.exec(await inRoot('README.md'))?.[1];
  const source = await inRoot('faults/start-omitted.ts');
  expect(shown).to.equal(source.slice(source.indexOf('const name')));
});
