/** JSON lines over a byte stream: framing for the command channel, at both ends. */
import type { Readable } from 'node:stream';
import { LINE_LIMIT } from './protocol.ts';

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
