/** The log by which an upgrader that died can be started again: one finished step a line, on disk before the next begins. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Before the id of a step that failed: it is not tried again, for the operator has decided already. */
const FAILED = 'failed ';

/** Steps of one upgrade that have ended. */
export class StepLog {
  readonly #file: number;
  readonly #done = new Set<string>();
  readonly #failed = new Set<string>();
  /** Whether an earlier upgrader ended a step. */
  readonly goesOn: boolean;

  /** Opens the log; a line that was cut off by a crash counts as not written. */
  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    const text = readFileSync(path, 'utf8');
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of complete.split('\n').filter((one) => one !== '')) {
      if (line.startsWith(FAILED)) this.#failed.add(line.slice(FAILED.length));
      else this.#done.add(line);
    }
    // What was cut off names no step, and must not become part of the next line.
    if (complete.length < text.length) writeSync(this.#file, '\n');
    this.goesOn = this.#done.size + this.#failed.size > 0;
  }

  /** Whether the step was finished, and is to stay so. */
  isDone(stepId: string): boolean {
    return this.#done.has(stepId);
  }

  /** Whether the step was tried and failed. */
  hasFailed(stepId: string): boolean {
    return this.#failed.has(stepId);
  }

  /** Notes that the step is finished. */
  finish(stepId: string): void {
    this.#write(stepId);
    this.#done.add(stepId);
  }

  /** Notes that the step failed. */
  fail(stepId: string): void {
    this.#write(`${FAILED}${stepId}`);
    this.#failed.add(stepId);
  }

  /** The step is to be done once more; the file keeps that it was done. */
  repeat(stepId: string): void {
    this.#done.delete(stepId);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: string): void {
    writeSync(this.#file, `${line}\n`);
    fsyncSync(this.#file);
  }
}
