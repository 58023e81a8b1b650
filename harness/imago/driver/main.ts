/**
 * The driver's process: takes numbered commands as JSON lines on standard input, replies on standard output, and
 * ends when standard input ends.
 */
import { serveCommandLines } from '../json-lines.ts';
import { Driver } from './driver.ts';
import type { DriverCommand } from './protocol.ts';

const driver = new Driver();

async function carryOut(command: DriverCommand): Promise<unknown> {
  switch (command.command) {
    case 'connect':
      return driver.connect(command);
    case 'start-egress':
      return driver.startEgress();
    case 'start-transfer':
      return driver.startTransfer();
    case 'pace':
      return driver.pace(command.p95Ms);
    case 'status':
      return driver.status();
    case 'await-transfer':
      return driver.awaitTransfer(command.timeoutMs);
    case 'drain-egress':
      return driver.drainEgress(command.timeoutMs);
    case 'compare':
      return driver.compare(command.scope);
    case 'reconcile':
      return driver.reconcile(command.timeoutMs);
    case 'suspend':
      return driver.suspend();
    case 'resume':
      return driver.resume();
    case 'stop':
      return driver.stop();
    default:
      throw new Error(`unknown command ${JSON.stringify(command)}`);
  }
}

/** A command whose sessions were closed under it fails for the reason for which they were. */
async function carryOutOrTell(command: DriverCommand): Promise<unknown> {
  try {
    return await carryOut(command);
  } catch (error) {
    throw driver.failure ?? error;
  }
}

function end(): void {
  driver.stop();
  process.exit(0);
}

process.stdin.on('end', end);
process.stdin.on('close', end);
serveCommandLines<DriverCommand>(process.stdin, process.stdout, carryOutOrTell, (error) => {
  process.stderr.write(`driver: ${error.message}\n`);
  process.exit(1);
});
