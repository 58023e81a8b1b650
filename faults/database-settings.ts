/** Faults of one setting of the database server: which hosts they meet, and how the running server tells of it. */
import type { EditContext, EditResult } from '../harness/contract/fault.ts';
import { primaryAtEnd } from './primary.ts';
import { misconfigured } from './wrong-configuration.ts';

/** A setting that is written wrongly. */
export interface WrongSetting {
  readonly fault: string;
  readonly wrong: (content: string) => string;
  readonly note: string;
  /** SQL expression of what the running server has, and the condition on it that holds where it is wrong. */
  readonly value: string;
  readonly isWrong: string;
}

/** The edit: on the primary, which serves in the end, or on every database host. */
export function wrongSetting(context: EditContext, { value, isWrong, ...setting }: WrongSetting): EditResult {
  const { facts, hosts, reach } = context;
  return misconfigured(context, {
    ...setting,
    path: facts.files.database,
    hosts: reach === 'all' ? hosts('db') : [primaryAtEnd(context)],
    look: () => ({
      read: 'sql',
      database: 'mysql',
      statement: `SELECT CONCAT('is ', ${value}) AS setting FROM DUAL WHERE ${isWrong};`,
    }),
    otherwise: 'the procedure leaves the database servers’ configuration as it is',
  });
}
