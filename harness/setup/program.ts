/** Running other programs, bounded, with their last words kept for an error message. */
import { spawn } from 'node:child_process';

/** How a program ended. */
export interface ProgramResult {
  /** Exit code; 127 where there is no such program, 124 where its time was up, 128 + n after signal n. */
  readonly exitCode: number;
  /** Standard output, the last 256 KiB of it. */
  readonly stdout: string;
  /** Standard output and error as they came, the last 256 KiB. */
  readonly output: string;
}

/** Bounds and environment of a run. */
export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const KEPT_CHARACTERS = 256 * 1024;

/** Runs a program without standard input to its end; never rejects: how it ended is in the result. */
export function runProgram(
  argv: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const [command, ...parameters] = argv;
  return new Promise((done) => {
    let stdout = '';
    let output = '';
    let timedOut = false;
    const child = spawn(command, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
    });
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS);
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      done({ exitCode: 127, stdout: '', output: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ended = timedOut ? `${output}\nstopped after ${options.timeoutMs} ms` : output;
      done({ exitCode: timedOut ? 124 : (code ?? 128 + signalNumber(signal)), stdout, output: ended });
    });
  });
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output: string, lines: number): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 9 : signal === 'SIGTERM' ? 15 : signal === 'SIGINT' ? 2 : 0;
}
