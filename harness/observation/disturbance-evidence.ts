/**
 * Whether a disturbance was in effect, from what the ingress interceptor had counted when the horizon began and when it ended.
 * What it was told to do is not asked: on controls the same counts must show nothing.
 */
import type { Evidence, Reading } from '../contract/observation.ts';
import type { Disturbing } from '../plan/disturbances.ts';
import type { Confirmable } from './confirmation.ts';

/** What the interceptor tells of itself that concerns disturbances. Counts since it started. */
export interface DisturbanceCounts {
  readonly forwarded: number;
  readonly answered: number;
  readonly refused: number;
  readonly longestRefusalMs: number;
  readonly withheld: number;
  readonly tookMs: number;
  readonly withheldMs: number;
}

/** Readings of one disturbance: at the horizon's beginning and at its end. */
export const LABELS = ['begin', 'end'] as const;

/** Id under which a reading is kept. */
export function readingId(name: string, label: (typeof LABELS)[number]): string {
  return `observe/${name}/${label}`;
}

/** Of the answers of the horizon that must have been withheld: some are under way at either end. */
const WITHHELD_SHARE = 0.95;
/** Least and most of the size asked for that must have been done, or the control is not of the size that it is called after. */
const LEAST = 0.9;
const MOST = 1.25;

/** A positive control as it is looked for. @param ratePerSecond requests a second, between which an outage cannot be told */
export function confirmableDisturbance(name: string, asked: Disturbing, ratePerSecond: number): Confirmable {
  return { name, confirm: (readings) => confirm(name, asked, ratePerSecond, readings) };
}

function confirm(
  name: string,
  asked: Disturbing,
  ratePerSecond: number,
  readings: readonly Reading[],
): Evidence {
  const taken = LABELS.map((label) => readings.find(({ stepId }) => stepId === readingId(name, label)));
  const [begin, end] = taken.map(countsOf);
  if (begin === undefined || end === undefined) {
    const reasons = taken.map((reading) => (reading?.result.taken === false ? reading.result.reason : ''));
    return {
      verdict: 'unreadable',
      summary: reasons.find((reason) => reason !== '') ?? 'no counts were read',
    };
  }
  const within = (of: keyof DisturbanceCounts) => end[of] - begin[of];
  const arrived = within('forwarded') + within('refused');
  if (arrived === 0) return { verdict: 'unreadable', summary: 'no request came through the interceptor' };
  const { done, of, summary } = doneOf(asked, within, end, ratePerSecond);
  const found = done >= LEAST * of && done <= MOST * of;
  return found
    ? { verdict: 'found', summary, stepIds: LABELS.map((label) => readingId(name, label)) }
    : { verdict: 'not-found', summary };
}

/** What was done, in the measure in which `of` was to be done. */
function doneOf(
  { kind, size }: Disturbing,
  within: (of: keyof DisturbanceCounts) => number,
  end: DisturbanceCounts,
  ratePerSecond: number,
): { readonly done: number; readonly of: number; readonly summary: string } {
  const refused = within('refused');
  const arrived = within('forwarded') + refused;
  const refusals = `${refused} of ${arrived} requests refused`;
  if (kind === 'errors') return { done: refused / arrived, of: size, summary: refusals };
  if (kind === 'outage') {
    // A request before the first refusal and one behind the last tell when it began and ended, to about their distance.
    const longestMs = refused === 0 ? 0 : end.longestRefusalMs + 1000 / ratePerSecond;
    return {
      done: longestMs / 1000,
      of: size,
      summary: `${refusals}, for ${(longestMs / 1000).toFixed(2)} s without one let through between`,
    };
  }
  const withheld = within('withheld');
  const times = withheld === 0 ? 1 : 1 + within('withheldMs') / within('tookMs');
  const summary = `${withheld} of ${within('answered')} answers withheld, until ${times.toFixed(2)} times as long as the system took`;
  const enough = withheld >= WITHHELD_SHARE * within('answered');
  return { done: enough ? times - 1 : 0, of: size - 1, summary };
}

function countsOf(reading: Reading | undefined): DisturbanceCounts | undefined {
  return reading?.result.taken === true
    ? (JSON.parse(reading.result.stdout) as DisturbanceCounts)
    : undefined;
}
