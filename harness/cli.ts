/** The command line: which exit code an error means. */
import { hideBin } from 'yargs/helpers';
import { commandsFor, parserOf } from './commands/parser.ts';
import { errorText, exitCodeOf } from './errors.ts';

// Whoever read what is printed may go before the end (`run | head`, a terminal that is closed): no reason to end a campaign.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!['EPIPE', 'EIO'].includes(error.code ?? '')) throw error;
  });

try {
  const words = hideBin(process.argv);
  await parserOf(words, await commandsFor(words)).parseAsync();
} catch (error) {
  const code = exitCodeOf(error);
  // What could be torn down was; a connection that is still open must not keep an ended command alive.
  process.stderr.write(`upfault: ${errorText(error)}\n`, () => process.exit(code));
}
