/** Which exit code an error means. */

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
  return error instanceof InterruptedError ? 130 : 1;
}
