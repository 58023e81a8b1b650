/** The command line: which commands there are, and which exit code an error means. */
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { benchCommand } from './commands/bench.ts';
import { cleanCommand } from './commands/clean.ts';
import { exitCodeOf, UsageError } from './commands/errors.ts';
import { explainCommand } from './commands/explain.ts';
import { judgeCommand } from './commands/judge.ts';
import { killsCommand } from './commands/kills.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { setupCommand } from './commands/setup.ts';
import { testCommand } from './commands/test.ts';

const parser = yargs(hideBin(process.argv))
  .scriptName('upfault')
  .parserConfiguration({ 'duplicate-arguments-array': false })
  .command(setupCommand)
  .command(listCommand)
  .command(explainCommand)
  .command(planCommand)
  .command(runCommand)
  .command(rehearseCommand)
  .command(judgeCommand)
  .command(reportCommand)
  .command(cleanCommand)
  .command(benchCommand)
  .command(killsCommand)
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
  const code = exitCodeOf(error);
  // Everything was torn down; a connection that is still open must not keep an ended command alive.
  process.stderr.write(`upfault: ${error instanceof Error ? error.message : String(error)}\n`, () =>
    process.exit(code),
  );
}
