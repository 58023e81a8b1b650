/** The ways in which a record can be unusable, each of which a command answers differently. */

/**
 * `not-a-results-folder`: the path is no campaign (wrong usage). `exists`: it already is one. `damaged`: a
 * file is there but cannot be believed. `newer-version`: written by a later build. `disk-full`: no space was
 * left while writing. `refused`: the caller asked for what a record does not allow. `io`: the rest.
 */
export type RecordErrorKind =
  | 'not-a-results-folder'
  | 'exists'
  | 'damaged'
  | 'newer-version'
  | 'disk-full'
  | 'refused'
  | 'io';

/** A record that cannot be read or written. The message names the operation, the file and what was seen. */
export class RecordError extends Error {
  readonly kind: RecordErrorKind;
  readonly path: string;

  constructor(kind: RecordErrorKind, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecordError';
    this.kind = kind;
    this.path = path;
  }
}

/** Errors of the file system that mean "no space left", whatever the file system calls them. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Code of a Node.js system error, or an empty string. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

/**
 * Runs one file operation and names it in whatever it throws.
 * @param operation such as `write`; the message starts with it and the path.
 */
export async function onFile<T>(operation: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RecordError) throw error;
    const code = errorCode(error);
    const seen = error instanceof Error ? error.message : String(error);
    if (FULL.has(code)) {
      const message = `${operation} ${path}: no space left on the device (${code}); free some and run again`;
      throw new RecordError('disk-full', path, message, { cause: error });
    }
    throw new RecordError('io', path, `${operation} ${path}: ${seen}`, { cause: error });
  }
}
