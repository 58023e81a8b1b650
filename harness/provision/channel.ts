/** Processes inside containers, with their standard input and output as streams. */
import { type Duplex, PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';

/** A process that can be talked to. */
export interface Channel {
  readonly stdin: Duplex;
  readonly stdout: PassThrough;
  readonly close: () => Promise<void>;
}

/** Starts a process in a running container. Rejects with the engine's refusal, which carries `statusCode`. */
export async function openChannel(
  engine: Dockerode,
  container: string,
  argv: readonly string[],
): Promise<Channel> {
  const exec = await engine
    .getContainer(container)
    .exec({ Cmd: [...argv], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  stderr.resume();
  engine.modem.demuxStream(stream, stdout, stderr);
  stream.on('end', () => stdout.end());
  stream.on('close', () => stdout.end());
  stream.on('error', (error) => stdout.destroy(error));
  return { stdin: stream, stdout, close: async () => void stream.destroy() };
}
