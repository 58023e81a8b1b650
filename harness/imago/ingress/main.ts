/**
 * The interceptor's process: `node ingress.js ADDRESS:PORT [COMMAND-SOCKET]`. Says `ready PORT` on standard
 * output once clients and commands are served; ends on SIGTERM.
 */
import { serveCommands } from './command-server.ts';
import { startIngress } from './ingress.ts';
import { COMMAND_SOCKET } from './protocol.ts';

async function run(): Promise<void> {
  const [, host, port] = /^([\d.]+):(\d{1,5})$/.exec(process.argv[2] ?? '') ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new Error(`ingress: ${process.argv[2]}: ADDRESS:PORT is wanted, such as 0.0.0.0:8080`);
  }
  const ingress = await startIngress({ host, port: Number(port) });
  await serveCommands(ingress, process.argv[3] ?? COMMAND_SOCKET);
  process.once('SIGTERM', () => process.exit(0));
  process.stdout.write(`ready ${ingress.port}\n`);
}

run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
