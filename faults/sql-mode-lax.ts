import type { Fault } from '../harness/contract/fault.ts';
import { wrongSetting } from './database-settings.ts';
import { rowsListed } from './evidence.ts';
import { misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'sql-mode-lax';
const LAX = 'NO_ENGINE_SUBSTITUTION';

/** A database server that makes values fit, with a warning, where it should refuse them. */
export const sqlModeLax: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'To silence errors of another program, the operator sets an SQL mode that leaves the strict ones out. The server truncates what does not fit, and says so in a warning that nobody reads.',
  confirmedBy: 'The running server’s sql_mode holds no strict mode.',
  edit: (context) =>
    wrongSetting(context, {
      fault: name,
      wrong: (content) => content.replace(/^\[mariadbd\]$/m, `$&\nsql-mode = ${LAX}`),
      note: `sql-mode = ${LAX}`,
      value: '@@GLOBAL.sql_mode',
      isWrong: `@@GLOBAL.sql_mode NOT LIKE '%STRICT%'`,
    }),
  confirm: (readings) => misconfiguredEvidence(readings, rowsListed('sql_mode has nothing strict')),
};
