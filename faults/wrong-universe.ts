import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'wrong-universe';

/**
 * Statements that the old universe's database takes too, and that nobody gives it otherwise: an account that only the
 * new release has, rights that are for the new universe alone, the removal of an account. Others (a new table's index
 * or grant) it would refuse, and nothing would have happened there.
 */
const TELLING = [
  /CREATE USER '[^']+'/i,
  /GRANT ALL PRIVILEGES ON \*\.\* TO '[^']+'/i,
  /DROP USER (?:IF EXISTS )?'[^']+'/i,
];

/** A step for the new universe's database is carried out on the old one's. */
export const wrongUniverse: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Service location: network address',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'Both universes have hosts of the same names. For one step, which makes or removes a database account, the operator is connected to the database that serves instead of the new one.',
  confirmedBy: 'The statement is in the binary log of the old universe’s database.',
  edit: ({ steps, random, observe }) => {
    const candidates = steps.filter(isTelling);
    if (candidates.length === 0)
      return {
        applies: false,
        reason: 'no step of the procedure acts on a second database that could be mistaken for the first',
      };
    const chosen = random.pick(candidates);
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step): step is SqlStep => step === chosen,
        (step) => ({ ...step, universe: 'old' }),
        'carried out in the old universe',
      ),
      observe: [
        {
          after: chosen.id,
          step: observe(
            'log',
            chosen.host,
            { read: 'command', argv: ['sh', '-c', LOOK_IN_LOG, 'look', wordsOf(chosen)] },
            'old',
          ),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('a statement for the new universe was logged')),
};

function isTelling(step: Step): step is SqlStep {
  return step.kind === 'sql' && step.universe === 'new' && wordsOf(step) !== '';
}

/** The first words of the statement, up to the account's name: what follows may be a password. */
function wordsOf({ statements }: SqlStep): string {
  return TELLING.map((telling) => telling.exec(statements)?.[0] ?? '').find((words) => words !== '') ?? '';
}

/** The log keeps statements about accounts as they were given. Exit code 1: not there; 2: no log to read. */
const LOOK_IN_LOG =
  'base=$(mariadb --batch --skip-column-names --execute "SELECT @@log_bin_basename") && [ -n "$base" ] || exit 2; cat "$base".0* | grep -aoF -m 1 -- "$1"';
