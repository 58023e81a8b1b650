/** What the engine streams while it pulls, imports or builds: one JSON object a line, errors among them. */
import { createInterface } from 'node:readline';

/** How an operation of the engine went. The answer's status is 200 even where it failed: only `error` tells. */
export interface EngineProgress {
  /** What was printed, as text. */
  readonly log: string;
  readonly error: string | undefined;
}

/** Reads the stream to its end. Rejects where the connection breaks, or is given up. */
export async function readProgress(stream: NodeJS.ReadableStream): Promise<EngineProgress> {
  let log = '';
  let error: string | undefined;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const message = JSON.parse(line) as { stream?: string; error?: string };
    if (message.stream !== undefined) log += message.stream;
    if (message.error !== undefined) error = message.error;
  }
  return { log, error };
}
