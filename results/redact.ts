/** Credentials are random for each trial, and none of them may stay in a record. */
import { createHash } from 'node:crypto';

/** Replaces every secret in a text. */
export type Redactor = (text: string) => string;

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Shorter ones would tear up ordinary text; a trial's credentials are far longer. */
const SHORTEST_SECRET = 8;

/** Lines of a key are looked for one by one, as tools wrap them differently. */
const SHORTEST_KEY_LINE = 16;

/**
 * Makes the redactor of a trial. Besides the secrets as they are it knows the forms in which they turn up in
 * what programs print: in a URL, in JSON, in base64 (at any offset, as in an `Authorization` header), as the
 * unsalted hash that MariaDB shows in grants, and a key's lines one by one.
 * @throws RangeError for a secret too short to be looked for.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) {
      throw new RangeError(
        `redact: a secret of ${secret.length} characters; at least ${SHORTEST_SECRET} are needed to tell it from text`,
      );
    }
    for (const form of formsOf(secret)) forms.add(form);
  }
  if (forms.size === 0) return (text) => text;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
  return (text) => text.replace(pattern, REDACTED);
}

/** Applies a redactor to every text inside a JSON value; names of fields stay. */
export function redactValue<T>(redact: Redactor, value: T): T {
  return redactAny(redact, value) as T;
}

function redactAny(redact: Redactor, value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redactAny(redact, entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, redactAny(redact, entry)]));
}

function formsOf(secret: string): string[] {
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    mariadbHash(secret),
  ];
  forms.push(...base64Forms(secret));
  if (secret.includes('\n')) {
    const lines = secret
      .split(/\r?\n/)
      .filter((line) => line.length >= SHORTEST_KEY_LINE && !line.startsWith('-----'));
    forms.push(...lines);
  }
  return forms;
}

/** Base64 of the secret within any surrounding text: the characters that its neighbours cannot change. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = offset === 0 ? 0 : offset + 1;
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(from, whole);
  });
}

/** `mysql_native_password`: SHA-1 of SHA-1, as `SHOW GRANTS` prints it. */
function mariadbHash(secret: string): string {
  const once = createHash('sha1').update(secret).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
