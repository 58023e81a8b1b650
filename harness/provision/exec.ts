/** Commands inside hosts: bounded in time and output, with or without standard input. */
import { type Duplex, PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import { EngineError } from './engine.ts';

/** What a command gave. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface ExecOptions {
  readonly stdin?: string;
  /** The command is ended after this time, with exit code 124. */
  readonly timeoutMs?: number;
}

/** Longest time a command may take where nothing else is asked for. */
export const DEFAULT_EXEC_TIMEOUT_MS = 30_000;
/** Output past this is cut: evidence and error messages stay readable, memory bounded. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;
/** Time for the engine to answer beyond the command's own limit. */
const ENGINE_GRACE_MS = 5_000;

/** Runs `argv` in a container and waits for it. A non-zero exit code is a result, not an error. */
export async function execIn(
  engine: Dockerode,
  container: string,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_EXEC_TIMEOUT_MS;
  const operation = `run ${argv.join(' ').slice(0, 120)} in ${container}`;
  const exec = await engine.getContainer(container).exec({
    // The engine cannot end a command that it started; `timeout` inside the host can.
    Cmd: ['timeout', '-k', '1', String(timeoutMs / 1000), ...argv],
    AttachStdin: options.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({
    hijack: options.stdin !== undefined,
    stdin: options.stdin !== undefined,
  });
  const stdout = new Collector();
  const stderr = new Collector();
  engine.modem.demuxStream(stream, stdout, stderr);
  if (options.stdin !== undefined) stream.end(options.stdin);
  await streamEnd(stream, timeoutMs + ENGINE_GRACE_MS, operation);
  const { ExitCode } = await exec.inspect();
  if (ExitCode === null) throw new EngineError(`${operation}: the engine knows no exit code`);
  return { exitCode: ExitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** An interactive command: a channel to a process inside a host. */
export async function openChannel(
  engine: Dockerode,
  container: string,
  argv: readonly string[],
): Promise<{ stdin: Duplex; stdout: PassThrough; close: () => Promise<void> }> {
  const exec = await engine
    .getContainer(container)
    .exec({ Cmd: [...argv], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  engine.modem.demuxStream(stream, stdout, new Collector());
  stream.on('end', () => stdout.end());
  stream.on('close', () => stdout.end());
  stream.on('error', (error) => stdout.destroy(error));
  return { stdin: stream, stdout, close: async () => void stream.destroy() };
}

class Collector extends PassThrough {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor() {
    super();
    this.on('data', (chunk: Buffer) => {
      if (this.#bytes >= OUTPUT_LIMIT_BYTES) return;
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    });
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function streamEnd(stream: NodeJS.ReadableStream, limitMs: number, operation: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new EngineError(`${operation}: no end after ${limitMs} ms`)),
      limitMs,
    );
    const settle = (action: () => void) => () => {
      clearTimeout(timer);
      action();
    };
    stream.on('end', settle(resolve));
    stream.on('close', settle(resolve));
    stream.on('error', (error: Error) =>
      settle(() => reject(new EngineError(`${operation}: ${error.message}`, { cause: error })))(),
    );
  });
}
