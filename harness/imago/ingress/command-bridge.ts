/**
 * `node ingress-command.js [COMMAND-SOCKET]`: carries standard input to the interceptor's command socket and
 * replies to standard output, so that an exec into its container commands it.
 */
import { connect } from 'node:net';
import { COMMAND_SOCKET } from './protocol.ts';

const path = process.argv[2] ?? COMMAND_SOCKET;
const socket = connect(path);
socket.on('error', (error) => {
  process.stderr.write(`ingress command: ${path}: ${error.message}\n`);
  process.exit(1);
});
socket.on('close', () => process.exit(0));
process.stdin.pipe(socket);
socket.pipe(process.stdout);
