/** What a campaign tells while it runs: one line that changes on a terminal, plain lines when piped. */
import type { TrialRecord } from '../../results/schema.ts';
import type { Windows } from '../contract/plan.ts';
import type { ScheduledTrial } from './schedule.ts';

/** Time of a trial beyond its windows, until one has been measured. */
const FIRST_GUESS_OVERHEAD_S = 12;

/** Progress of one campaign. Written to standard error, so that standard output stays for results. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #startNs = process.hrtime.bigint();
  #total = 0;
  #done = 0;
  #current = '';
  #secondsEach = 0;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** The campaign begins: so many trials to run, of so many in all. */
  campaign(open: number, all: number): void {
    this.#total = open;
    if (open < all) this.#line(`${all - open} of ${all} trials are recorded already, ${open} to run`);
  }

  /** A trial begins. */
  trial(trial: ScheduledTrial, windows: Windows): void {
    if (this.#secondsEach === 0) {
      this.#secondsEach = windows.warmUpS + windows.beforeS + windows.horizonS + FIRST_GUESS_OVERHEAD_S;
    }
    this.#current = `trial ${this.#done + 1} of ${this.#total}: ${trial.trialId}`;
    if (!this.#out.isTTY) this.#line(`${this.#current} (${this.#left()})`);
  }

  /** The trial enters a phase. */
  phase(phase: string): void {
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${this.#current}: ${phase} (${this.#left()})`);
  }

  /** The trial has ended. */
  ended(record: TrialRecord): void {
    this.#done += 1;
    const elapsedS = Number(process.hrtime.bigint() - this.#startNs) / 1e9;
    this.#secondsEach = elapsedS / this.#done;
    const reason = record.outcomeReason === '' ? '' : ` (${record.outcomeReason})`;
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
    this.#line(
      `${this.#current}: ${record.outcome}${reason}, upgrade ${record.upgrade.outcome}, ${record.timings.wallS.toFixed(0)} s`,
    );
  }

  #left(): string {
    const seconds = Math.round(this.#secondsEach * (this.#total - this.#done));
    return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
