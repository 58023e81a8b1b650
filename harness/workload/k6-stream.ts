/** Reads k6's JSON output line by line, keeping only the two metrics that the contract speaks of. */
import type { AnswerOutcome, WorkloadWrite } from '../contract/workload.ts';

/** One request as the stream tells it; times are epoch milliseconds of the machine's wall clock. */
export type StreamPoint =
  | {
      readonly point: 'answer';
      readonly startedWallMs: number;
      /** When the script recorded the answer. */
      readonly recordedWallMs: number;
      readonly latencyMs: number;
      readonly interaction: string;
      readonly outcome: AnswerOutcome;
      readonly status: number;
      readonly write?: WorkloadWrite;
    }
  /** Requests that were due and never started, because every client was still waiting for an answer. */
  | { readonly point: 'dropped'; readonly atWallMs: number; readonly count: number };

/** Outcomes as codes for the store; the order is part of nothing that is written. */
export const OUTCOMES = [
  'ok',
  'error-status',
  'wrong-content',
  'timeout',
  'broken',
] as const satisfies AnswerOutcome[];

/** k6 writes the metric's name first, so that the dozen others of every request are told apart unparsed. */
const ANSWER_PREFIX = '{"metric":"upfault_answer"';
const DROPPED_PREFIX = '{"metric":"dropped_iterations"';

/**
 * The point that a line of the stream holds, or `undefined` for a metric that does not concern us.
 * @throws when a line of ours is not as the contract says
 */
export function parseStreamLine(line: string): StreamPoint | undefined {
  if (line.startsWith(ANSWER_PREFIX)) return answerOf(line);
  if (line.startsWith(DROPPED_PREFIX)) return droppedOf(line);
  return undefined;
}

interface PointLine {
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags?: Readonly<Record<string, string>>;
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

function answerOf(line: string): StreamPoint {
  const { time, value, tags = {}, metadata = {} } = parsed(line).data;
  const outcome = OUTCOMES.find((known) => known === tags.outcome);
  const startedWallMs = Number(metadata.started);
  const status = Number(metadata.status);
  const recordedWallMs = Date.parse(time);
  if (
    outcome === undefined ||
    tags.interaction === undefined ||
    metadata.started === undefined ||
    ![startedWallMs, recordedWallMs, status, value].every(Number.isFinite)
  )
    throw new Error(
      `read k6's output: an upfault_answer needs tags interaction and outcome (${OUTCOMES.join(', ')}) and metadata started and status, saw ${line.slice(0, 300)}`,
    );
  const write = metadata.write === undefined ? undefined : writeOf(metadata.write);
  return {
    point: 'answer',
    startedWallMs,
    recordedWallMs,
    latencyMs: value,
    interaction: tags.interaction,
    outcome,
    status,
    ...(write === undefined ? {} : { write }),
  };
}

function droppedOf(line: string): StreamPoint {
  const { time, value } = parsed(line).data;
  const atWallMs = Date.parse(time);
  if (!Number.isFinite(atWallMs) || !Number.isInteger(value))
    throw new Error(
      `read k6's output: dropped_iterations without time or whole count: ${line.slice(0, 300)}`,
    );
  return { point: 'dropped', atWallMs, count: value };
}

function parsed(line: string): PointLine {
  try {
    return JSON.parse(line) as PointLine;
  } catch (cause) {
    throw new Error(`read k6's output: not JSON: ${line.slice(0, 300)}`, { cause });
  }
}

function writeOf(text: string): WorkloadWrite {
  const write = JSON.parse(text) as Partial<WorkloadWrite>;
  if (
    typeof write.kind !== 'string' ||
    typeof write.requestId !== 'string' ||
    typeof write.acknowledged !== 'boolean' ||
    typeof write.fields !== 'object'
  )
    throw new Error(
      `read k6's output: a write needs kind, requestId, acknowledged and fields, saw ${text.slice(0, 300)}`,
    );
  return write as WorkloadWrite;
}
