/** Texts that thousands of trials repeat, stored once. */

/** Gives each text its index. */
export class Texts {
  readonly #indexes = new Map<string, number>();

  /** Index of a text; the same text has the same index. */
  index(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#indexes.size);
    return this.#indexes.size - 1;
  }

  /** All texts by index. */
  all(): string[] {
    return [...this.#indexes.keys()];
  }
}
