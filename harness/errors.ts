/** Errors that whoever asked can do something about, any error in words, and the exit code that it means. */
import { RecordError } from '../results/errors.ts';

/** Wrong usage: something was asked for that there is not, or that cannot be; nothing was done. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user ended it; everything was torn down. Exit code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** More would be a circle. */
const MOST_CAUSES = 8;

/**
 * An error in words: its message, then what of its causes' is not said yet. A cause of several lines, such as a
 * validator's list, is left out: whoever passed it on has said what matters of it.
 */
export function errorText(error: unknown): string {
  const said = [messageOf(error)];
  let cause = causeOf(error);
  for (let depth = 0; cause != null && depth < MOST_CAUSES; depth += 1) {
    const message = messageOf(cause);
    if (!message.includes('\n') && !said.some((earlier) => earlier.includes(message))) said.push(message);
    cause = causeOf(cause);
  }
  return said.join(': ');
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** Of several errors in one that says nothing itself, as a connection that was tried at several addresses gives, each. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message || error.name;
}

/** Exit code of a command that threw. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof UsageError) return 2;
  // A folder that is no campaign, or is one already, is the user's slip; a damaged one is not.
  if (error instanceof RecordError && ['not-a-results-folder', 'exists'].includes(error.kind)) return 2;
  return error instanceof InterruptedError ? 130 : 1;
}
