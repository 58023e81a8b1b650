import type { EditContext, EditResult, Fault } from '../../harness/contract/fault.ts';
import type { Facts } from '../../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../../harness/contract/step.ts';
import type { HostName, Tier } from '../../harness/contract/topology.ts';
import { replace } from '../edits.ts';
import { evidenceFrom, firstLine } from '../evidence.ts';
import type { Format } from './document.ts';
import { formats } from './formats.ts';
import { type Draw, type Mutation, mutate } from './mutation.ts';

const name = 'config-typo';
const TIERS: readonly Tier[] = ['lb', 'web', 'app', 'db'];

/**
 * Exit code 0: the file ($3) is the mutated text ($1), and its difference from the right one ($2) is printed; 1: it is
 * not; 2: it could not be read.
 */
const COMPARISON = [
  'test -r "$3" || { echo "cannot read $3" >&2; exit 2; }',
  'printf %s "$1" | cmp -s - "$3"; case $? in 0) ;; 1) exit 1 ;; *) exit 2 ;; esac',
  'printf %s "$2" | diff - "$3"; case $? in 0) exit 1 ;; 1) exit 0 ;; *) exit 2 ;; esac',
].join('\n');

/** A mistake in one configuration file, another one for each seed, as ConfErr makes them. */
export const configTypo: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: TIERS,
  varies: true,
  summary:
    'Writing one file of the new configuration, the operator makes one mistake: mistypes a name or a value, loses, repeats, cuts off or misplaces a setting, or gets a number or its unit wrong. Which one is drawn by the seed (after ConfErr, Keller, Upadhyaya & Candea 2008).',
  confirmedBy:
    'Right after it was written, the file on the host is, byte for byte, the one with the mistake, and differs from the right one.',
  edit: (context) => {
    try {
      return planted(context);
    } catch (error) {
      if (error instanceof UnreadableFile) return { applies: false, reason: error.message };
      throw error;
    }
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      if (exitCode === 1) return { says: 'nothing' };
      const lines = stdout.split('\n').filter((line) => /^[<>]/.test(line));
      if (exitCode === 0 && lines.length > 0)
        return {
          says: 'in-effect',
          words: `the file differs from the right one: ${firstLine(lines.join(' '))}`,
        };
      return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
    }),
};

/** What a step writes is not in the notation of its file: another fault was there before. */
class UnreadableFile extends Error {}

/** @throws UnreadableFile */
function planted({ steps, facts, random, targets, observe }: EditContext): EditResult {
  for (const tier of random.shuffle(TIERS)) {
    const writes = lastWrites(steps, facts, targets(tier));
    const paths = [...new Set(writes.map(({ path }) => path))].sort();
    if (paths.length === 0) continue;
    const path = random.pick(paths);
    const [first, ...others] = mutated(writes, path, facts, random.below);
    if (first === undefined) continue;
    const file = path.split('/').at(-1) ?? path;
    const all = [first, ...others];
    return {
      applies: true,
      steps: all.reduce<readonly Step[]>(
        (list, { step, mutation }) =>
          replace(
            name,
            list,
            (one): one is WriteStep => one.id === step.id,
            (one) => ({ ...one, content: mutation.text }),
            `${file}:${mutation.line} ${mutation.what}`,
          ),
        steps,
      ),
      observe: all.map(({ step, mutation }) => ({
        after: step.id,
        step: observe(`${file}-${step.host}`, step.host, {
          read: 'command',
          argv: ['sh', '-c', COMPARISON, name, mutation.text, step.content, path],
        }),
      })),
      detail: {
        format: facts.formats[path] ?? '',
        file,
        kind: first.mutation.kind,
        change: first.mutation.change,
        mutation: `${file}:${first.mutation.line} ${first.mutation.what}`,
      },
    };
  }
  return {
    applies: false,
    reason: 'the procedure writes no configuration file in a notation that can be mutated',
  };
}

/** Of each file of a known format, the last time that a host's is written: what was wrong before does not stay. */
function lastWrites(
  steps: readonly Step[],
  { formats: known }: Facts,
  hosts: readonly HostName[],
): WriteStep[] {
  const last = new Map<string, WriteStep>();
  for (const step of steps) {
    if (step.kind === 'write' && hosts.includes(step.host) && Object.hasOwn(known, step.path))
      last.set(`${step.host} ${step.path}`, step);
  }
  return [...last.values()];
}

/** The same draws for the file on every host, so that all hosts get the same mistake. */
function mutated(
  writes: readonly WriteStep[],
  path: string,
  { formats: known }: Facts,
  below: Draw,
): { readonly step: WriteStep; readonly mutation: Mutation }[] {
  const format = known[path];
  if (format === undefined) return [];
  const drawn: number[] = [];
  return writes
    .filter((step) => step.path === path)
    .flatMap((step) => {
      let at = 0;
      const draw: Draw = (limit) => {
        drawn[at] ??= below(limit);
        at += 1;
        return (drawn[at - 1] ?? 0) % limit;
      };
      const mutation = mutationOf(step, formats[format], draw);
      return mutation === undefined ? [] : [{ step, mutation }];
    });
}

function mutationOf(step: WriteStep, format: Format, draw: Draw): Mutation | undefined {
  try {
    return mutate(step.content, format, draw);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnreadableFile(`step ${step.id}: ${step.path}: ${error.message}`, { cause: error });
  }
}
