/** Which exit code an error means. */
import { RecordError } from '../../results/errors.ts';

/** Wrong usage: something was asked for that there is not, or that cannot be; nothing was done. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user ended it; everything was torn down. Exit code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Exit code of a command that threw. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof UsageError) return 2;
  // A folder that is no campaign, or is one already, is the user's slip; a damaged one is not.
  if (error instanceof RecordError && ['not-a-results-folder', 'exists'].includes(error.kind)) return 2;
  return error instanceof InterruptedError ? 130 : 1;
}
