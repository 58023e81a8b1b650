/** What happened in a trial, as it happens: steps, readings and phases, kept for deciding and appended to the record. */

import type { Phase, TrialEvent } from '../../results/schema.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { Reading, StepOutcome } from '../contract/observation.ts';
import type { ImagoNews, UpgraderMessage } from '../upgrader/protocol.ts';

/** Longest piece of a reading on the timeline; the whole of it is in the evidence folder. */
const EXCERPT_CHARACTERS = 200;

/** Where a timeline is kept. */
export type TimelineStore = Pick<TrialStore, 'event' | 'writeEvidence'>;

/** The timeline of one trial. */
export class Timeline {
  readonly steps: StepOutcome[] = [];
  readonly readings: Reading[] = [];
  readonly imago: ImagoNews[] = [];
  /** Steps begun and not ended, in the order of their beginning. */
  readonly #running = new Set<string>();
  readonly #phases: { phase: Phase; fromMs: number }[] = [];
  readonly #store: TimelineStore;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(store: TimelineStore) {
    this.#store = store;
  }

  /** A phase begins. */
  phase(phase: Phase, fromMs: number): void {
    this.#phases.push({ phase, fromMs });
    this.append({ event: 'phase', atMs: fromMs, phase });
  }

  /** The phase at a time of the trial's clock. */
  readonly phaseAt = (ms: number): Phase =>
    this.#phases.findLast(({ fromMs }) => fromMs <= ms)?.phase ?? 'warm-up';

  /** Takes in what the upgrader says. */
  readonly hear = (message: UpgraderMessage): void => {
    switch (message.say) {
      case 'step-start': {
        const { say, ...rest } = message;
        this.#running.add(message.stepId);
        this.append({ event: say, ...rest });
        return;
      }
      case 'step-end': {
        const { stepId, kind, startMs, atMs, outcome, reason } = message;
        this.#running.delete(stepId);
        this.steps.push({ stepId, kind, startMs, endMs: atMs, outcome, reason });
        this.append({ event: 'step-end', atMs, stepId, startMs, outcome, reason });
        return;
      }
      case 'went-on':
        this.#running.clear();
        this.note(message.atMs, `an upgrader went on from its step log, after ${message.done.length} steps`);
        for (const step of message.done) this.#doneUnheard(step, message.atMs);
        return;
      case 'imago': {
        const { atMs, what, figures } = message;
        this.imago.push({ what, figures });
        this.append({ event: 'imago', atMs, what, figures });
        return;
      }
      case 'reading':
        this.reading(message.reading);
        return;
      default:
        return;
    }
  };

  /** Step that is being done, the innermost; empty between steps. */
  get running(): string {
    return [...this.#running].at(-1) ?? '';
  }

  /** A step whose end an upgrader wrote into its log and did not live to tell. */
  #doneUnheard({ stepId, kind }: { stepId: string; kind: string }, atMs: number): void {
    if (this.steps.some((step) => step.stepId === stepId && step.outcome === 'done')) return;
    this.steps.push({ stepId, kind, startMs: atMs, endMs: atMs, outcome: 'done', reason: '' });
    this.append({ event: 'step-end', atMs, stepId, startMs: atMs, outcome: 'done', reason: '' });
  }

  /** The upgrader was killed at a step, whose end it does not live to tell. */
  interrupted(stepId: string, atMs: number): void {
    const reason = 'the upgrader was killed during it';
    this.steps.push({ stepId, kind: 'interrupt', startMs: atMs, endMs: atMs, outcome: 'failed', reason });
  }

  /** Takes in a reading. */
  reading(reading: Reading): void {
    this.readings.push(reading);
    const { stepId, fault, host, atMs, result } = reading;
    const text = result.taken ? `${result.stdout}${result.stderr}` : result.reason;
    this.append({
      event: 'reading',
      atMs,
      stepId,
      fault,
      host,
      taken: result.taken,
      exitCode: result.taken ? result.exitCode : -1,
      excerpt: text.slice(0, EXCERPT_CHARACTERS),
    });
    this.#write(() => this.#store.writeEvidence(stepId, JSON.stringify(reading, null, 1)));
  }

  /** Appends to the record; a failure to write is thrown by `settle`. */
  append(event: TrialEvent): void {
    this.#write(() => this.#store.event(event));
  }

  /** Something worth knowing that is neither a step nor a reading. */
  note(atMs: number, text: string): void {
    this.append({ event: 'note', atMs, text });
  }

  /** Waits until everything is on the disk. */
  async settle(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #write(act: () => Promise<void>): void {
    this.#writing = this.#writing.then(act).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }
}
