/** Conventions that are easily broken without noticing; each message names what to use instead. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = ['harness', 'faults', 'scenarios', 'results', 'analysis'];

const files = PARTS.flatMap((part) =>
  readdirSync(path.join(ROOT, part), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('/trials/'))
    .map((file) => ({
      path: path.posix.join(part, file),
      text: readFileSync(path.join(ROOT, part, file), 'utf8'),
    })),
);

const RULES: readonly {
  readonly name: string;
  readonly found: RegExp;
  readonly instead: string;
  readonly except?: RegExp;
}[] = [
  {
    name: 'chance comes from the seed',
    found: /\bMath\.random\(/,
    instead: 'a stream of harness/plan/random.ts',
    except: /^scenarios\/[^/]+\/(application|workload)\//,
  },
  {
    name: 'time comes from the trial’s monotonic clock',
    found: /\bDate\.now\(|\bperformance\.now\(/,
    instead: 'process.hrtime.bigint() or the clock of the trial',
    // The trial's clock itself, and certificates, whose validity is a matter of wall time.
    except:
      /^scenarios\/[^/]+\/(application|workload)\/|^harness\/(trial\/clock|provision\/certificates)\.ts$/,
  },
  {
    name: 'nothing is skipped by the type checker',
    found: /@ts-(ignore|nocheck|expect-error)/,
    instead: 'a type that is right',
  },
];

describe('conventions', () => {
  for (const rule of RULES) {
    it(`${rule.name} (use ${rule.instead})`, () => {
      const offenders = files.filter(
        (file) => rule.found.test(file.text) && rule.except?.test(file.path) !== true,
      );
      expect(offenders.map((file) => file.path)).to.deep.equal([]);
    });
  }

  it('files are named for their concept', () => {
    const vague = files.filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc|manager)(\.ts$|\/)/.test(file.path),
    );
    expect(vague.map((file) => file.path)).to.deep.equal([]);
  });

  it('files are read in one sitting (at most 300 lines)', () => {
    const long = files.filter((file) => file.text.split('\n').length > 301);
    expect(long.map((file) => file.path)).to.deep.equal([]);
  });
});
