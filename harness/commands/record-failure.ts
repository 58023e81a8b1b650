/** What a command does about a results folder that cannot be used. */
import { RecordError } from '../../results/errors.ts';
import { exitCodeOf } from '../errors.ts';

/**
 * Runs a command on a results folder. A folder that is none is wrong usage (exit code 2); one that is damaged, newer
 * than this build or on a full disk fails the command (1). Either way one line says what and where.
 */
export async function onResultsFolder(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    process.stderr.write(`upfault: ${error.message}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
