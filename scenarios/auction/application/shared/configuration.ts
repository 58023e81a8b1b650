/** The configuration file: read once, at start, and refused when it is not what the release expects. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

/** Why the application does not start. Names keys, never values: some are secrets. */
export class ConfigurationError extends Error {}

/** A port. */
export const port = z.int().min(1).max(65535);
/** A text that is not empty. */
export const text = z.string().min(1);
/** Database connections of the pool. */
export const poolSize = z.int().min(1).max(500);
/** A key to sign sessions with. */
export const signingKey = z.string().min(16);

/** The file as `schema` describes it. */
export function readConfiguration<T>(path: string | undefined, schema: z.ZodType<T>): T {
  if (path === undefined) throw new ConfigurationError('usage: node app.js CONFIGURATION-FILE [--check]');
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    // The parser's message quotes the file, which holds secrets.
    throw new ConfigurationError(`${path}: not valid JSON`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`,
  );
  throw new ConfigurationError(`${path}: ${issues.join('; ')}`);
}

/** A directory that the application writes to; it must be there already. */
export function requireDirectory(key: string, path: string): void {
  try {
    if (!statSync(path).isDirectory()) throw new ConfigurationError(`${key}: ${path} is not a directory`);
    accessSync(path, constants.W_OK);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `${key}: ${path}: ${(error as NodeJS.ErrnoException).code ?? 'not writable'}`,
    );
  }
}

/** Whether it was started only to test its configuration: `node app.js CONFIGURATION-FILE --check`. */
export function isCheck(argv: readonly string[]): boolean {
  return argv[3] === '--check';
}

/** Runs `start`; a wrong configuration is one line on standard error and exit code 1. */
export function startOrExplain(start: () => void): void {
  try {
    start();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`auction: configuration: ${error.message}\n`);
    process.exit(1);
  }
}
