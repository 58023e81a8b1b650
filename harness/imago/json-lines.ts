/** JSON lines over a byte stream: what the command channels are made of, and the side that carries commands out. */
import type { Readable, Writable } from 'node:stream';

/** Limit on a line of a command channel, in characters; a line holds one certificate authority at most. */
export const LINE_LIMIT = 1_048_576;

/** What every command has; the rest is the receiver's own. */
export interface Command {
  readonly command: string;
}

/** A command with the number that its reply carries. */
export interface NumberedCommand<C extends Command = Command> {
  readonly id: number;
  readonly command: C;
}

/** A reply. Replies may come in another order than their commands. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };

/**
 * Calls `onLine` with every line's value, in order.
 * @param onBroken - called once if the stream fails, or a line is no JSON or too long; nothing follows
 */
export function readJsonLines(
  stream: Readable,
  onLine: (value: unknown) => void,
  onBroken: (error: Error) => void,
): void {
  let partial = '';
  let broken = false;
  const fail = (error: Error): void => {
    if (!broken) {
      broken = true;
      onBroken(error);
    }
  };
  stream.setEncoding('utf8');
  stream.on('error', fail);
  stream.on('data', (text: string) => {
    if (broken) {
      return;
    }
    const lines = (partial + text).split('\n');
    partial = lines.pop() as string;
    try {
      for (const line of lines) {
        onLine(JSON.parse(line));
      }
    } catch (error) {
      fail(new Error(`command channel: a line is no command: ${String(error)}`, { cause: error }));
    }
    if (partial.length > LINE_LIMIT) {
      fail(new Error(`command channel: a line of more than ${LINE_LIMIT} characters`));
    }
  });
}

/**
 * Carries out the commands that come in on `input`, several at a time where they take long, and writes a reply
 * to each; a command that rejects is answered with its message.
 * @param onBroken - called once if something else than commands comes in; nothing follows
 */
export function serveCommandLines<C extends Command>(
  input: Readable,
  output: Writable,
  carryOut: (command: C) => Promise<unknown>,
  onBroken: (error: Error) => void = () => input.destroy(),
): void {
  const reply = (answer: Reply): void => {
    output.write(`${JSON.stringify(answer)}\n`);
  };
  readJsonLines(
    input,
    (value) => {
      const { id, command } = value as NumberedCommand<C>;
      carryOut(command).then(
        (result) => reply({ id, ok: true, result: result ?? null }),
        (error: Error) => reply({ id, ok: false, error: error.message }),
      );
    },
    onBroken,
  );
}
