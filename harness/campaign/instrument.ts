/** What a campaign or a benchmark runs with, found once, and the user's wish to end it. */
import type Dockerode from 'dockerode';
import type { Size } from '../contract/topology.ts';
import { InterruptedError } from '../errors.ts';
import { assertLimits, connectEngine } from '../provision/engine.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';
import { resolveImages } from '../setup/image-build.ts';
import { findK6 } from '../setup/k6.ts';
import { projectImages } from '../setup/project-images.ts';

/** The parts that set-up brought. */
export interface Instrument {
  readonly engine: Dockerode;
  /** Tag by `NAME:RELEASE`. */
  readonly images: Readonly<Record<string, string>>;
  /** Path of the load generator. */
  readonly k6: string;
  readonly repository: string;
}

/** Finds what set-up brought for systems of a size; rejects with what is missing. */
export async function findInstrument(operation: string, size: Size): Promise<Instrument> {
  const engine = await connectEngine();
  assertLimits(await engine.info());
  const k6 = await findK6();
  if (k6 === undefined) throw new Error(`${operation}: k6 is not there; run \`./upfault setup\``);
  const images = Object.fromEntries(await resolveImages(projectImages(size)));
  return { engine, images, k6, repository: PROJECT_FOLDER };
}

/**
 * A signal that is aborted, with an `InterruptedError`, when the user or the system asks this process to end. The error
 * claims that everything was torn down: it is thrown on only once that is so.
 */
export function interruptionOf(operation: string): AbortSignal {
  const controller = new AbortController();
  const interrupt = () =>
    controller.abort(new InterruptedError(`${operation}: interrupted; everything was torn down`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  return controller.signal;
}
