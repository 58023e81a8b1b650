/** The life of the process: serves until it is told to stop, then ends once nothing is in flight. */
import { siteServer } from './server.ts';
import type { Site } from './site.ts';

/** Time for requests in flight when the application is told to stop. */
const GRACE_MS = 5000;
/** How often connections that became idle meanwhile are closed; Node.js 18 does not do that by itself. */
const SWEEP_MS = 50;

/** Serves the site until SIGTERM or SIGINT. A port that cannot be listened on ends the process with code 1. */
export function serve(site: Site): void {
  const server = siteServer(site);
  server.on('error', (error) => {
    process.stderr.write(`auction: listen on port ${site.port}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(site.port, () => {
    process.stdout.write(`auction: ${site.release} release on ${site.hostName}, port ${site.port}\n`);
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    server.close(() => {
      // The process ends either way; what the pool has to say about that is of no use to anybody.
      site.store.close().finally(() => process.exit(0));
    });
    server.closeIdleConnections();
    setInterval(() => server.closeIdleConnections(), SWEEP_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
