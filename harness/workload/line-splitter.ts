/** Cuts a stream of text into lines without ever holding more than one unfinished line. */

/** No line of k6 comes near this; more means that the stream is not what it should be. */
export const MAX_LINE_CHARACTERS = 1_000_000;

/**
 * A function that is given the stream's pieces in order and calls `onLine` for every complete line.
 * @throws from that function when a line is longer than `MAX_LINE_CHARACTERS`
 */
export function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let unfinished = '';
  return (piece) => {
    const lines = (unfinished + piece).split('\n');
    unfinished = lines.pop() ?? '';
    if (unfinished.length > MAX_LINE_CHARACTERS)
      throw new Error(
        `split lines: a line is longer than ${MAX_LINE_CHARACTERS} characters: ${unfinished.slice(0, 200)}`,
      );
    for (const line of lines) onLine(line);
  };
}
