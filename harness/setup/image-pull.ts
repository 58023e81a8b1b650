/** Pulling an image where a registry can be reached; not being able to is an ordinary answer. */
import type Dockerode from 'dockerode';
import { readProgress } from './engine-progress.ts';

const PULL_TIMEOUT_MS = 300_000;

/** Pulls an image. Returns why it could not be had, or undefined when it is there. */
export async function pullImage(engine: Dockerode, reference: string): Promise<string | undefined> {
  try {
    const stream = await engine.pull(reference, { abortSignal: AbortSignal.timeout(PULL_TIMEOUT_MS) });
    const { error } = await readProgress(stream);
    return error === undefined ? undefined : `${reference} cannot be pulled: ${error.trim()}`;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `${reference} cannot be pulled: ${message.trim()}`;
  }
}
