/** The command line: which exit code an error means. */
import { hideBin } from 'yargs/helpers';
import { exitCodeOf } from './commands/errors.ts';
import { commandsFor, parserOf } from './commands/parser.ts';

try {
  const words = hideBin(process.argv);
  await parserOf(words, await commandsFor(words)).parseAsync();
} catch (error) {
  const code = exitCodeOf(error);
  // Everything was torn down; a connection that is still open must not keep an ended command alive.
  process.stderr.write(`upfault: ${error instanceof Error ? error.message : String(error)}\n`, () =>
    process.exit(code),
  );
}
