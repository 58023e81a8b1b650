/** Work that must not overlap, in order of asking. */

/** Runs one piece of work after another. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` once all before it has ended, well or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
