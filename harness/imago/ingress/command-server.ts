/** Takes commands for the interceptor on a UNIX socket, which only its own container can reach. */
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { serveCommandLines } from '../json-lines.ts';
import type { Ingress } from './ingress.ts';
import type { IngressCommand } from './protocol.ts';

/** Starts to take commands. @throws if the socket cannot be made */
export async function serveCommands(ingress: Ingress, path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  // Left behind by a process that was killed; two interceptors never share a container.
  rmSync(path, { force: true });
  const server = createServer((socket) =>
    serveCommandLines<IngressCommand>(socket, socket, (command) => carryOut(ingress, command)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`ingress: cannot take commands on ${path}: ${error.message}`, { cause: error })),
    );
    server.listen(path, resolve);
  });
  return server;
}

async function carryOut(ingress: Ingress, command: IngressCommand): Promise<unknown> {
  switch (command.command) {
    case 'upstream':
      ingress.setUpstream(command.upstream);
      return null;
    case 'status':
      return ingress.status();
    case 'hold':
      return ingress.hold(command.limits);
    case 'drain':
      await ingress.drain(command.timeoutMs);
      return null;
    case 'redirect':
      ingress.redirect(command.holdId, command.upstream);
      return null;
    case 'release':
      return ingress.release(command.holdId);
    case 'disturb':
      return ingress.disturb(command);
    case 'mirror':
      return ingress.mirror(command);
    case 'mirror-stop':
      return ingress.mirrorStop();
    default:
      throw new Error(`ingress: unknown command ${JSON.stringify(command)}`);
  }
}
