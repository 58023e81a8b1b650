/** What the driver does once a second besides, from the start of E on. */
import { compare } from './comparison.ts';
import type { Work } from './work.ts';

const INTERVAL_MS = 1_000;
/** Keys to be compared that may gather; comparing as many takes some 5 ms. */
const TIDY_KEYS = 500;

/** Notes E's place, and compares what has gathered. */
export class Upkeep {
  readonly #work: Work;
  readonly #fail: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #notedRank = 0;
  #isTidying = false;

  constructor(work: Work, fail: (error: Error) => void) {
    this.#work = work;
    this.#fail = fail;
    this.#timer = setInterval(() => {
      this.#note();
      this.#tidy();
    }, INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Compares beforehand, beside live writes, what has gathered: a comparison in the quiescence is then as short after
   * an hour as after a minute. What differs stays for that one to judge.
   */
  #tidy(): void {
    const { dirtyKeys, pendingKeys } = this.#work;
    if (this.#isTidying || dirtyKeys <= TIDY_KEYS || pendingKeys > 0) return;
    this.#isTidying = true;
    compare(this.#work, 'dirty')
      .catch(this.#fail)
      .finally(() => {
        this.#isTidying = false;
      });
  }

  /** Without this, a driver that takes over after a quiet hour would read that hour's log again. */
  #note(): void {
    const work = this.#work;
    const rank = work.egress?.read ?? 0;
    if (rank === this.#notedRank || work.pendingKeys > 0) return;
    this.#notedRank = rank;
    work.transaction(async () => work.notes(new Map(), 0)).catch(this.#fail);
  }
}
