/**
 * The tester's process: `node tester.js`. Takes commands as JSON lines on standard input, replies on standard
 * output, and ends when standard input ends.
 */
import { serveCommandLines } from '../json-lines.ts';
import type { TesterCommand } from './protocol.ts';
import { Tester } from './tester.ts';

const tester = new Tester();
const end = (error?: Error): void => {
  if (error !== undefined) process.stderr.write(`tester: ${error.message}\n`);
  process.exit(error === undefined ? 0 : 1);
};
process.stdin.on('end', () => end());
serveCommandLines<TesterCommand>(
  process.stdin,
  process.stdout,
  (command) => tester.carryOut(command),
  (error) => end(error),
);
