/** The log by which an upgrader that died can be started again: one finished step a line, on disk before the next begins. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Finished steps of one upgrade. */
export class StepLog {
  readonly #file: number;
  readonly #done: Set<string>;

  /** Opens the log; a line that was cut off by a crash counts as not written. */
  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    const text = readFileSync(path, 'utf8');
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#done = new Set(complete.split('\n').filter((line) => line !== ''));
  }

  /** Whether an earlier run finished the step. */
  isDone(stepId: string): boolean {
    return this.#done.has(stepId);
  }

  /** Notes that the step is finished. */
  finish(stepId: string): void {
    writeSync(this.#file, `${stepId}\n`);
    fsyncSync(this.#file);
    this.#done.add(stepId);
  }

  close(): void {
    closeSync(this.#file);
  }
}
