/** The computed tables of `docs/judgement.md` are those that the rules give today. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { judgementTables } from './judgement-tables.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/judgement.md', import.meta.url));

/** Text between the marks of a table. */
function marked(name: string): RegExp {
  return new RegExp(`(<!-- table ${name} -->\n)([^]*?)(<!-- end -->)`);
}

describe('docs/judgement.md', function () {
  this.timeout(120_000);

  it('has every computed table, current (UPFAULT_WRITE_GOLDEN=1 writes them)', () => {
    for (const [name, table] of Object.entries(judgementTables())) {
      const text = readFileSync(DOCUMENT, 'utf8');
      expect(text, 'a place for the table').to.match(marked(name));
      if (process.env.UPFAULT_WRITE_GOLDEN === '1')
        writeFileSync(
          DOCUMENT,
          text.replace(marked(name), (_, begin, __, end) => `${begin}${table}\n${end}`),
        );
      expect(readFileSync(DOCUMENT, 'utf8').match(marked(name))?.[2], name).to.equal(`${table}\n`);
    }
  });

  it('has no table that nothing computes', () => {
    const names = [...readFileSync(DOCUMENT, 'utf8').matchAll(/<!-- table (\S+) -->/g)].map(
      ([, name]) => name,
    );
    expect(names).to.have.members(Object.keys(judgementTables()));
  });
});
