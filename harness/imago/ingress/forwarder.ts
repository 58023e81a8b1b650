/**
 * What stands in the interceptor's place where there is none: `node forwarder.js PORT HOST HOST-PORT` passes bytes of TCP
 * connections on, both ways, and knows nothing of what they say. TLS ends at the clients.
 */
import { connect, createServer } from 'node:net';

const [port, host, hostPort] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
if (!Number.isInteger(port) || host === undefined || !Number.isInteger(hostPort)) {
  process.stderr.write('forwarder: PORT HOST HOST-PORT are wanted, such as 8080 10.200.1.40 443\n');
  process.exit(2);
}

createServer({ noDelay: true }, (client) => {
  const server = connect({ port: hostPort, host, noDelay: true });
  // Either side that breaks off breaks the other off: a client sees what it would see without anything in between.
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
  client.on('close', () => server.destroy());
  server.on('close', () => client.destroy());
  client.pipe(server).pipe(client);
}).listen({ port, backlog: 4_096 });
process.once('SIGTERM', () => process.exit(0));
