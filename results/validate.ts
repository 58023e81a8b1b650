/** What is read from a record is believed only after it was checked. */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { onFile, RecordError } from './errors.ts';
import { SCHEMA_VERSION } from './schema.ts';

/**
 * Reads a JSON file of the record.
 * @throws RecordError `newer-version` for one of a later build, `damaged` for one that is cut off or wrong.
 */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  // In one go, as all small files of a record.
  const text = await onFile('read', path, async () => readFileSync(path, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    const message = `read ${path}: not complete JSON (${text.length} characters): ${seen}`;
    throw new RecordError('damaged', path, message, { cause: error });
  }
  refuseNewer(path, value);
  return checked(path, '', schema, value);
}

/** @throws RecordError `newer-version` when the value states a later version than this build knows. */
function refuseNewer(path: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return;
  const version = value.schemaVersion;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    const message = `read ${path}: written by a newer build (schemaVersion ${version}); this one reads up to ${SCHEMA_VERSION}`;
    throw new RecordError('newer-version', path, message);
  }
}

/** The value that was read, typed. @param where such as `line 7`; empty for a whole file. */
export function checked<T>(path: string, where: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const place = where === '' ? '' : `${where}, `;
  const message = `read ${path}: ${place}${firstIssue(result.error)}`;
  throw new RecordError('damaged', path, message, { cause: result.error });
}

/**
 * The value that is about to be written, typed: what could not be read back is not written.
 * @throws RecordError `refused`.
 */
export function writable<T>(path: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RecordError('refused', path, `write ${path}: ${firstIssue(result.error)}`, {
    cause: result.error,
  });
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the value' : issue.path.join('.');
  return `${field}: ${issue?.message ?? 'not as the schema says'}`;
}
