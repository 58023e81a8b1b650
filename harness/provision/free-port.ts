/** Whether the port that a user named for the ingress can be had, before anything is made. */
import { createServer } from 'node:net';
import { EngineError } from './engine.ts';

/** Rejects when `port` of 127.0.0.1 is taken, or may not be used. Port 0 stands for any free one. */
export async function assertPortFree(port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'it is taken' : (cause as Error).message;
    throw new EngineError(
      `publish the ingress on port ${port} of 127.0.0.1: ${reason}; name another port, or 0 for any free one`,
      { cause },
    );
  } finally {
    server.close();
  }
}
