/** The parser of the command line. Apart from what it runs, so that written commands can be checked without running them. */
import { existsSync } from 'node:fs';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { UsageError } from '../errors.ts';

/**
 * The commands that a parser of these words needs: where the first word names one it is loaded alone, which takes less than half of the time
 * and memory; else all of them, for help and for what to say of a wrong one.
 */
export async function commandsFor([word = '']: readonly string[]): Promise<readonly CommandModule[]> {
  const file = new URL(`${word}.ts`, import.meta.url);
  const named =
    /^[a-z]+$/.test(word) && existsSync(file)
      ? ((await import(file.href)) as Record<string, CommandModule | undefined>)[`${word}Command`]
      : undefined;
  return named === undefined ? (await import('./catalogue.ts')).COMMANDS : [named];
}

/**
 * An option that wants a number has one. The parser makes NaN of anything else, and then nobody can tell what was seen.
 * @throws UsageError with the option as it was written
 */
function areNumbers(options: Readonly<Record<string, unknown>>, words: readonly string[]): true {
  const wrong = Object.keys(options).filter((name) => Number.isNaN(options[name]));
  if (wrong.length === 0) return true;
  // An option stands among the words by its name, a positional does not.
  for (const [at, word] of words.entries()) {
    const [option, value = words[at + 1]] = word.split('=');
    if (wrong.some((name) => option === `--${name}`))
      throw new UsageError(`${words[0]}: ${option} ${value ?? ''}: a number is wanted`);
  }
  throw new UsageError(`${words.join(' ')}: ${wrong[0]}: a number is wanted`);
}

/** A parser of these words. Its `parseAsync` runs the command that they name, or throws a `UsageError`. */
export function parserOf(words: readonly string[], commands: readonly CommandModule[]): Argv {
  return commands
    .reduce<Argv>((parser, command) => parser.command(command), yargs([...words]))
    .scriptName('upfault')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .demandCommand(1, 'which command?')
    .strict()
    .version(false)
    .check((options) => areNumbers(options, words))
    .exitProcess(false)
    .fail((message, error) => {
      // Thrown, or yargs would go on and run the command. It gives the error alone where a command threw.
      throw (
        error ??
        new UsageError(`${message}; upfault --help, or --help after a command, lists what is allowed`)
      );
    });
}
