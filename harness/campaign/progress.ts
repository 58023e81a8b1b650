/** What a campaign tells while it runs: one line that changes on a terminal, plain lines when piped. */
import type { TrialRecord } from '../../results/schema.ts';
import type { Windows } from '../contract/plan.ts';
import type { TrialPhase } from '../trial/trial.ts';
import type { ScheduledTrial } from './schedule.ts';

/** Time of a trial beyond its windows, until one has been measured. */
const FIRST_GUESS_OVERHEAD_S = 12;

/** Progress of one campaign. Written to standard error, so that standard output stays for results. */
export class Progress {
  readonly #out = process.stderr;
  readonly #startNs = process.hrtime.bigint();
  #total = 0;
  #done = 0;
  readonly #numbers = new Map<string, number>();
  #secondsEach = 0;
  readonly #onEnded: (record: TrialRecord) => void;

  /** @param onEnded - told of each trial when its line was written */
  constructor(onEnded: (record: TrialRecord) => void = () => undefined) {
    this.#onEnded = onEnded;
  }

  /** The campaign begins: so many trials to run, of so many in all. */
  campaign(open: number, all: number): void {
    this.#total = open;
    if (open < all) this.#line(`${all - open} of ${all} trials are recorded already, ${open} to run`);
  }

  /** A trial enters a phase. Trials overlap: the latest to have its load is told of, with what is done beside it. */
  phase(trial: ScheduledTrial, windows: Windows, phase: TrialPhase): void {
    if (this.#secondsEach === 0) {
      this.#secondsEach = windows.warmUpS + windows.beforeS + windows.horizonS + FIRST_GUESS_OVERHEAD_S;
    }
    const { trialId } = trial;
    const first = !this.#numbers.has(trialId);
    if (first) this.#numbers.set(trialId, this.#numbers.size + 1);
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${this.#named(trialId)}: ${phase} (${this.#left()})`);
    else if (first) this.#line(`${this.#named(trialId)} (${this.#left()})`);
  }

  /** The trial has ended. */
  ended(record: TrialRecord): void {
    this.#done += 1;
    const elapsedS = Number(process.hrtime.bigint() - this.#startNs) / 1e9;
    this.#secondsEach = elapsedS / this.#done;
    const reason = record.outcomeReason === '' ? '' : ` (${record.outcomeReason})`;
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
    this.#line(
      `${this.#named(record.trialId)}: ${record.outcome}${reason}, upgrade ${record.upgrade.outcome}`,
    );
    this.#onEnded(record);
  }

  #named(trialId: string): string {
    return `trial ${this.#numbers.get(trialId) ?? '-'} of ${this.#total}: ${trialId}`;
  }

  #left(): string {
    const seconds = Math.round(this.#secondsEach * (this.#total - this.#done));
    return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
