/** k6's own log: its last lines for people, and whether its script went wrong. */

const KEPT_LINES = 20;
const KEPT_CHARACTERS = 500;

/** Takes the lines of `--log-format=json`, of which there may be one for every failed request. */
export class K6Log {
  readonly #last: string[] = [];
  /** Message of the first line of level `error` or worse: k6 goes on after an exception in the script. */
  firstError: string | undefined;

  add(line: string): void {
    const { level, text } = entryOf(line);
    // One such line a failed request, and the stream tells them better.
    if (text === 'Request Failed') return;
    if (level === 'error' || level === 'fatal' || level === 'panic') this.firstError ??= text;
    this.#last.push(`${level}: ${text}`.slice(0, KEPT_CHARACTERS));
    if (this.#last.length > KEPT_LINES) this.#last.shift();
  }

  /** The last lines, for an error message; empty when there are none. */
  tail(): string {
    return this.#last.length === 0 ? '' : `; k6's last lines:\n${this.#last.join('\n')}`;
  }
}

function entryOf(line: string): { level: string; text: string } {
  try {
    const entry = JSON.parse(line) as { level?: string; msg?: string; error?: string };
    const text = entry.error === undefined ? entry.msg : `${entry.msg}: ${entry.error}`;
    return {
      level: entry.level ?? 'unknown',
      text: entry.msg === 'Request Failed' ? 'Request Failed' : (text ?? line),
    };
  } catch {
    // A crash of the Go runtime is not JSON; it is kept as it is, and the exit code tells that it was one.
    return { level: 'unknown', text: line };
  }
}
