/** Runs commands of the command line in this process. */
import yargs, { type CommandModule } from 'yargs';
import { errorText, exitCodeOf } from '../../harness/errors.ts';

/** What a command printed and its exit code. */
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs a command as `cli.ts` does, catching what it prints; an error is its message and exit code. */
export async function ran(command: CommandModule<object, never>, args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const { write: toOut } = process.stdout;
  const { write: toErr } = process.stderr;
  const before = process.exitCode;
  process.exitCode = 0;
  process.stdout.write = (text: string | Uint8Array) => out.push(String(text)) > 0;
  process.stderr.write = (text: string | Uint8Array) => err.push(String(text)) > 0;
  try {
    await yargs([...args])
      .command(command)
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseAsync();
    return { out: out.join(''), err: err.join(''), code: Number(process.exitCode) };
  } catch (error) {
    return {
      out: out.join(''),
      err: `${err.join('')}upfault: ${errorText(error)}\n`,
      code: exitCodeOf(error),
    };
  } finally {
    process.stdout.write = toOut;
    process.stderr.write = toErr;
    process.exitCode = before;
  }
}
