import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'buffer-cold';
/**
 * Of the database's size. Seen after the warm-up: 86 % and more (five controls under load). Without it: 41 % where no clients are, and
 * 51 % under load, as a replica's writes read what they change.
 */
const COLD_PERCENT = 70;

/** A database server meets its clients before it has read any of its data. */
export const bufferCold: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Cached data: buffer cache',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'After the database server that is to serve was started anew, the operator does not have it read its busiest tables before clients use it.',
  confirmedBy: `Right after that step, the server’s buffer pool holds less than ${COLD_PERCENT} % of the database.`,
  edit: (context) => {
    const { steps, facts, observe } = context;
    const primary = primaryAtEnd(context);
    const isWarmUp = (step: Step) => step.id === `${primary}/${facts.warmUp}`;
    const warmUp = steps.find(isWarmUp);
    if (warmUp === undefined)
      return {
        applies: false,
        reason: 'the procedure starts no database server on data that it has not just written itself',
      };
    return {
      applies: true,
      steps: omit(name, steps, isWarmUp, 'the server’s buffers are cold'),
      observe: [
        {
          after: warmUp.id,
          step: observe('buffers', primary, {
            read: 'sql',
            database: facts.database,
            statement: `SELECT ROUND(100 * s.VARIABLE_VALUE * @@innodb_page_size / SUM(t.DATA_LENGTH + t.INDEX_LENGTH)) AS percent
              FROM information_schema.TABLES t, information_schema.GLOBAL_STATUS s
              WHERE t.TABLE_SCHEMA = DATABASE() AND s.VARIABLE_NAME = 'INNODB_BUFFER_POOL_PAGES_DATA';`,
          }),
        },
      ],
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const percent = /^percent\n(\d+)$/.exec(stdout.trim())?.[1];
      if (exitCode !== 0 || percent === undefined)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      return Number(percent) < COLD_PERCENT
        ? { says: 'in-effect', words: `the buffers hold ${percent} % of the database` }
        : { says: 'nothing' };
    }),
};
