/**
 * Has the ingress disturb requests at the moment that the plan names, and reads what the ingress counted, at the horizon's
 * beginning and end. Controls are read in the same way. What goes wrong here leaves the trial without evidence.
 */
import type { DisturbanceRecord } from '../../results/disturbance.ts';
import type { Plan } from '../contract/plan.ts';
import type { DisturbanceRequest, IngressControl, IngressStatus } from '../imago/ingress-control.ts';
import { type DisturbanceCounts, type LABELS, readingId } from '../observation/disturbance-evidence.ts';
import { disturbanceNamed } from '../plan/disturbances.ts';
import type { Timeline } from './timeline.ts';

/** Where disturbances are done and told. */
export interface DisturbedTrial {
  readonly ingress: Pick<IngressControl, 'status' | 'disturb'>;
  readonly timeline: Pick<Timeline, 'reading' | 'note'>;
  readonly nowMs: () => number;
}

/** The disturbance of one trial, or what shows that there was none. */
export class Disturber {
  readonly #plan: Pick<Plan, 'fault' | 'disturbance' | 'shams' | 'windows'>;
  readonly #trial: DisturbedTrial;
  /** Names under which readings are kept. */
  readonly #lookedFor: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #begun: Promise<DisturbanceCounts | undefined> = Promise.resolve(undefined);
  #told: Promise<void> = Promise.resolve();
  #toldMs: number | null = null;

  constructor(plan: Pick<Plan, 'fault' | 'disturbance' | 'shams' | 'windows'>, trial: DisturbedTrial) {
    this.#plan = plan;
    this.#trial = trial;
    const planted = plan.disturbance === undefined ? [] : [plan.fault.name];
    this.#lookedFor = [...planted, ...plan.shams.filter((name) => disturbanceNamed(name) !== undefined)];
  }

  /** The horizon begins. */
  begin(): void {
    const { disturbance, windows } = this.#plan;
    if (this.#lookedFor.length > 0) this.#begun = this.#read('begin');
    if (disturbance === undefined) return;
    const endMs = this.#trial.nowMs() + windows.horizonS * 1000;
    const disturb = () => {
      this.#told = this.#disturb(disturbance, endMs);
    };
    this.#timer = setTimeout(disturb, disturbance.atS * 1000);
  }

  /** The horizon has ended: what was done in it; null where nothing was to be. Never rejects. */
  async end(): Promise<DisturbanceRecord | null> {
    this.stop();
    const end = this.#lookedFor.length > 0 ? await this.#read('end') : undefined;
    const begin = await this.#begun;
    await this.#told;
    const { disturbance } = this.#plan;
    if (disturbance === undefined) return null;
    const { kind, size, forS } = disturbance;
    return { kind, size, atMs: this.#toldMs, forS, counted: begin && end ? within(begin, end) : null };
  }

  /** Nothing is done from here on that was not done yet. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** At most until the horizon's end: what comes behind it is not to be disturbed. */
  async #disturb({ kind, size, forS }: NonNullable<Plan['disturbance']>, endMs: number): Promise<void> {
    const { ingress, timeline, nowMs } = this.#trial;
    const atMs = nowMs();
    const request: DisturbanceRequest = {
      latencyFactor: kind === 'latency' ? size : 1,
      refusedShare: kind === 'latency' ? 0 : kind === 'errors' ? size : 1,
      forMs: Math.min(forS * 1000, endMs - atMs),
    };
    try {
      await ingress.disturb(request);
      this.#toldMs = atMs;
      timeline.note(atMs, `the ingress disturbs requests: ${this.#plan.fault.name}`);
    } catch (error) {
      timeline.note(atMs, (error as Error).message);
    }
  }

  async #read(label: (typeof LABELS)[number]): Promise<DisturbanceCounts | undefined> {
    const { ingress, timeline, nowMs } = this.#trial;
    const counts = await ingress.status().then(countsOf, (error: Error) => error);
    const result =
      counts instanceof Error
        ? { taken: false as const, reason: counts.message }
        : { taken: true as const, exitCode: 0, stdout: JSON.stringify(counts), stderr: '' };
    for (const fault of this.#lookedFor)
      timeline.reading({
        ...{ stepId: readingId(fault, label), fault, universe: 'old', host: 'ingress' },
        ...{ atMs: nowMs(), result },
      });
    return counts instanceof Error ? undefined : counts;
  }
}

function countsOf({ forwarded, answered, disturbance }: IngressStatus): DisturbanceCounts {
  const { refused, longestRefusalMs, withheld, tookMs, withheldMs } = disturbance;
  return { forwarded, answered, refused, longestRefusalMs, withheld, tookMs, withheldMs };
}

function within(begin: DisturbanceCounts, end: DisturbanceCounts): DisturbanceRecord['counted'] {
  const of = (count: keyof DisturbanceCounts) => end[count] - begin[count];
  return {
    arrived: of('forwarded') + of('refused'),
    refused: of('refused'),
    longestRefusalMs: end.longestRefusalMs,
    answered: of('answered'),
    withheld: of('withheld'),
    tookMs: of('tookMs'),
    withheldMs: of('withheldMs'),
  };
}
