/** The command line: which commands there are, and which exit code an error means. */
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { setupCommand } from './commands/setup.ts';
import { testCommand } from './commands/test.ts';

const TESTBED_FAILED = 1;
const WRONG_USAGE = 2;

/** What was asked cannot be asked; nothing was done. */
class UsageError extends Error {}

const parser = yargs(hideBin(process.argv))
  .scriptName('upfault')
  .command(setupCommand)
  .command(testCommand)
  .demandCommand(1, 'which command?')
  .strict()
  .version(false)
  .exitProcess(false)
  .fail((message, error) => {
    // Thrown, or yargs would go on and run the command. It gives the error alone where a command threw.
    throw (
      error ?? new UsageError(`${message}; upfault --help, or --help after a command, lists what is allowed`)
    );
  });

try {
  await parser.parseAsync();
} catch (error) {
  process.stderr.write(`upfault: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? WRONG_USAGE : TESTBED_FAILED;
}
