/** Set-up as a whole: which parts there are, what waits for what, and one report for each. */
import type { ImageSpec } from '../contract/topology.ts';
import { EngineError } from '../provision/engine.ts';
import { baseImageParts } from './base-images.ts';
import { enginePart } from './engine-part.ts';
import { imageParts } from './image-parts.ts';
import { k6Part } from './k6-part.ts';
import { nodePart } from './node-part.ts';
import type { Part, PartReport, PartState } from './part.ts';
import { SetUpError } from './set-up-error.ts';

/** Who hears what set-up does while it does it. */
export interface SetUpListener {
  /** Something that lasts begins. */
  readonly says: (part: string, line: string) => void;
  readonly reports: (report: PartReport) => void;
}

/** Reports what is there and what is missing; changes nothing. */
export async function checkMachine(
  images: readonly ImageSpec[],
  listener: SetUpListener,
): Promise<readonly PartReport[]> {
  const reports: PartReport[] = [];
  for (const part of [enginePart, nodePart, k6Part, ...baseImageParts(images), ...imageParts(images)]) {
    const elapsed = stopwatch();
    const { ready, detail } = await part.check().catch(missingWithoutEngine);
    const report: PartReport = {
      part: part.name,
      state: ready ? 'found' : 'missing',
      detail,
      seconds: elapsed(),
    };
    listener.reports(report);
    reports.push(report);
  }
  return reports;
}

/**
 * Brings the machine up. The engine and Node.js come first; then k6 on one side, and base images and what is
 * built on them on the other. Everything that can be brought is brought before the first error is thrown.
 */
export async function setUpMachine(
  images: readonly ImageSpec[],
  listener: SetUpListener,
): Promise<readonly PartReport[]> {
  const reports: PartReport[] = [];
  const bring = async (part: Part): Promise<void> => {
    const report = await bringPart(part, (line) => listener.says(part.name, line));
    listener.reports(report);
    reports.push(report);
  };
  await allOf([nodePart, enginePart], 1, bring);
  await settled([
    bring(k6Part),
    (async () => {
      await allOf(baseImageParts(images), 2, bring);
      await allOf(imageParts(images), 2, bring);
    })(),
  ]);
  return reports;
}

/** What is kept in an engine is missing where there is none; other errors are errors. */
function missingWithoutEngine(error: unknown): PartState {
  if (error instanceof EngineError) return { ready: false, detail: 'cannot be looked for without an engine' };
  throw error;
}

async function bringPart(part: Part, say: (line: string) => void): Promise<PartReport> {
  const elapsed = stopwatch();
  const before = await part.check();
  if (before.ready) return { part: part.name, state: 'found', detail: before.detail, seconds: elapsed() };
  await part.provide(say);
  const after = await part.check();
  if (!after.ready)
    throw new SetUpError(`set up ${part.name}: done without an error, but still: ${after.detail}`);
  return { part: part.name, state: 'made', detail: after.detail, seconds: elapsed() };
}

/** Takes the parts in order, at most `limit` at the same time; no new one is begun after an error. */
async function allOf(
  parts: readonly Part[],
  limit: number,
  bring: (part: Part) => Promise<void>,
): Promise<void> {
  const waiting = [...parts];
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined && !failed; part = waiting.shift()) {
      await bring(part).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await settled(Array.from({ length: limit }, worker));
}

/** Waits for all of them, so that nothing goes on behind an error's back; then throws what went wrong, all of it. */
async function settled(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const errors = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason as unknown);
  if (errors.length === 0) return;
  if (errors.length === 1 || !errors.every((error) => error instanceof SetUpError)) throw errors[0];
  throw new SetUpError(errors.map(({ message }) => message).join('\n'));
}

function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
