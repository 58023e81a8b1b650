/** The parser of the command line. Apart from what it runs, so that written commands can be checked without running them. */
import yargs, { type Argv, type CommandModule } from 'yargs';
import { benchCommand } from './bench.ts';
import { claimsCommand } from './claims.ts';
import { cleanCommand } from './clean.ts';
import { compareCommand } from './compare.ts';
import { UsageError } from './errors.ts';
import { explainCommand } from './explain.ts';
import { judgeCommand } from './judge.ts';
import { killsCommand } from './kills.ts';
import { listCommand } from './list.ts';
import { planCommand } from './plan.ts';
import { rehearseCommand } from './rehearse.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { setupCommand } from './setup.ts';
import { shrinkCommand } from './shrink.ts';
import { testCommand } from './test.ts';

/** All commands, in the order in which help lists them. */
// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which yargs checks.
export const COMMANDS: readonly CommandModule<object, any>[] = [
  setupCommand,
  listCommand,
  explainCommand,
  planCommand,
  runCommand,
  rehearseCommand,
  judgeCommand,
  reportCommand,
  compareCommand,
  claimsCommand,
  cleanCommand,
  benchCommand,
  shrinkCommand,
  killsCommand,
  testCommand,
];

/** A parser of these words. Its `parseAsync` runs the command that they name, or throws a `UsageError`. */
export function parserOf(words: readonly string[], commands: readonly CommandModule[] = COMMANDS): Argv {
  return commands
    .reduce<Argv>((parser, command) => parser.command(command), yargs([...words]))
    .scriptName('upfault')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .demandCommand(1, 'which command?')
    .strict()
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      // Thrown, or yargs would go on and run the command. It gives the error alone where a command threw.
      throw (
        error ??
        new UsageError(`${message}; upfault --help, or --help after a command, lists what is allowed`)
      );
    });
}
