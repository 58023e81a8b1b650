import type { Fault } from '../harness/contract/fault.ts';
import type { Evidence, Reading } from '../harness/contract/observation.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine, type Judge } from './evidence.ts';
import { writes } from './host-steps.ts';

const name = 'old-config-on-one';

/** Hosts of a tier that do not have the same configuration: some got the template of the other release. */
export const oldConfigOnOne: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator writes the site configuration of a web host from the old release’s template; the others get the new one. With reach all it is so on all web hosts but the first: hosts that are all alike would be another fault.',
  confirmedBy:
    'Right after each web host’s file was written, the checksums of the files, without the hosts’ own names, are not the same on all of them, and those of the old release’s template differ. Where only one was written, its lines tell.',
  newOnly: 'there the old configuration is the right one',
  edit: ({ steps, former, facts, targets, hosts, observe }) => {
    const written = hosts('web').flatMap((host) => {
      const own = writes(host, facts.files.site);
      const write = steps.find(own);
      const old = former.find(own);
      return write !== undefined && old !== undefined ? [{ host, write, old }] : [];
    });
    const meant = written.filter(({ host }) => targets('web').includes(host));
    const met = meant.length < written.length ? meant : meant.slice(1);
    if (met.length === 0)
      return { applies: false, reason: 'the procedure writes the configuration of no two web servers' };
    return {
      applies: true,
      steps: met.reduce<readonly Step[]>(
        (list, { write, old }) =>
          replace(
            name,
            list,
            (step): step is WriteStep => step.id === write.id,
            (step) => ({ ...step, content: old.content }),
            'written from the old release’s template',
          ),
        steps,
      ),
      observe: written.map(({ host, write, old }) => ({
        after: write.id,
        step: observe(`site-${host}`, host, {
          read: 'command',
          argv: [...['sh', '-c', SUM, 'sum', host, facts.files.site], ...telling(old.content, write.content)],
        }),
      })),
    };
  },
  confirm: (readings) => {
    const sums = new Set(readings.flatMap((reading) => sumOf(reading) ?? []));
    const isComparable = readings.filter((reading) => sumOf(reading) !== undefined).length > 1;
    if (isComparable && sums.size === 1) return agreed(readings);
    return evidenceFrom(readings, fromOldTemplate);
  },
};

/** Lines of one text that the other has not, as patterns; without what is filled in only when the file is written. */
function telling(text: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('@@') && !known.has(line))
    .flatMap((line) => ['-e', line]);
}

/** Prints a checksum of the file, in which each host's own name is the same; behind it `old`, where there are lines of the old template. */
const SUM = `
host=$1 file=$2
shift 2
[ -r "$file" ] || { echo "$file: cannot be read" >&2; exit 2; }
sum=$(sed "s/$host/HOST/g" "$file" | sha256sum | cut -c 1-12)
if grep -qxF "$@" -- "$file"; then echo "$sum old"; else echo "$sum new"; fi`;
const TOLD = /^([0-9a-f]{12}) (old|new)$/;

function sumOf({ result }: Reading): string | undefined {
  return result.taken && result.exitCode === 0 ? TOLD.exec(result.stdout.trim())?.[1] : undefined;
}

const fromOldTemplate: Judge = ({ exitCode, stdout, stderr }) => {
  const [, sum, template] = (exitCode === 0 && TOLD.exec(stdout.trim())) || [];
  if (sum === undefined)
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
  return template === 'old'
    ? { says: 'in-effect', words: `the file ${sum} is made from the old release’s template` }
    : { says: 'nothing' };
};

function agreed(readings: readonly Reading[]): Evidence {
  return {
    verdict: 'not-found',
    summary: `${readings.length} files were read, and none differs from another`,
  };
}
