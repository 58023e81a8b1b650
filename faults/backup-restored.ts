import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { actsOn, installedIn } from './host-steps.ts';
import { does } from './imago-actions.ts';

const name = 'backup-restored';
/** Database that holds the backup. */
const BACKUP = 'backup';

/** An older backup is restored over live data. */
export const backupRestored: Fault = {
  name,
  type: 1,
  violation: 'spurious',
  dependency: 'Database schema',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'Early in the upgrade the operator keeps a copy of a table that clients write to. Late in the upgrade, believing that something went wrong, he restores it over the live table: what clients wrote in between is gone.',
  confirmedBy:
    'The restoring statement is in the binary log of the database, and the backup is there; both tables’ rows are counted.',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary = ''] = hosts('db');
    // Beside a live universe: around the switch, for nothing that is restored before it stays unnoticed or matters.
    const early = steps.find(does('hold')) ?? steps.find(actsOn(hosts('app')));
    const installed = steps.findLastIndex(
      (step) => step.kind === 'install' && hosts('web').includes(step.host),
    );
    const late = steps.find(does('stop-driver')) ?? steps.slice(installed + 1).find(actsOn(hosts('lb')));
    if (early === undefined || late === undefined || installed < 0)
      return {
        applies: false,
        reason: 'the procedure has no upgrade in whose course a backup would grow old',
      };
    const table = facts.backedUpTable;
    const restoring = `INSERT INTO ${table} SELECT * FROM ${BACKUP}.${table}`;
    const sql = (action: string, title: string, statements: string): SqlStep => ({
      ...{ kind: 'sql', id: `${primary}/${action}`, title, universe: installedIn(steps), host: primary },
      ...{ database: facts.database, statements },
    });
    const backUp = sql(
      `back-up-${table}`,
      `Keep a copy of ${table}`,
      `CREATE DATABASE ${BACKUP};\nCREATE TABLE ${BACKUP}.${table} AS SELECT * FROM ${table};\n`,
    );
    const restore = sql(
      `restore-${table}`,
      `Restore the copy of ${table}`,
      `SET SESSION foreign_key_checks = 0;\nSTART TRANSACTION;\nDELETE FROM ${table};\n${restoring};\nCOMMIT;\n`,
    );
    const note = 'an older backup is restored over live data';
    const before = (list: readonly Step[], anchor: Step, step: Step) =>
      insertBefore(name, list, (one) => one === anchor, [step], note);
    return {
      applies: true,
      steps: before(before(steps, early, backUp), late, restore),
      observe: [
        {
          after: late.id,
          step: observe('log', primary, {
            read: 'command',
            argv: ['sh', '-c', LOOK, 'look', restoring, `${facts.database}.${table}`, `${BACKUP}.${table}`],
          }),
        },
      ],
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      if (exitCode === 0)
        return { says: 'in-effect', words: `an older backup was restored (${firstLine(stdout)})` };
      return exitCode === 1
        ? { says: 'nothing' }
        : { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
    }),
};

/** The log keeps the text of a statement beside its rows. Exit code 1: not there; 2: no log, or no table, to read. */
const LOOK = `
ask() { mariadb --batch --skip-column-names --execute "$1"; }
base=$(ask 'SELECT @@log_bin_basename') && [ -n "$base" ] || exit 2
cat "$base".0* | grep -aqF -m 1 -- "$1" || exit 1
live=$(ask "SELECT COUNT(*) FROM $2") && kept=$(ask "SELECT COUNT(*) FROM $3") || exit 2
echo "$kept rows of the backup, $live rows in the live table"`;
