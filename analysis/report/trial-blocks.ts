/** Packs the stories of trials: a reader opens a few of a thousand, so that the page unpacks a few. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ReportTrial } from './page-types.ts';
import { Texts } from './texts.ts';

const pack = promisify(gzip);

/** Stories a block: enough that what they repeat is packed away, few enough that one is unpacked in a moment. */
export const BLOCK_TRIALS = 16;

/** Takes stories in their order, and holds no more of them than a block. */
export class TrialBlocks {
  readonly #packed: Promise<string>[] = [];
  #texts = new Texts();
  #trials: ReportTrial[] = [];

  /** @param tell makes the story; its texts go to the block that it will be in. */
  async add(tell: (texts: Texts) => Promise<ReportTrial>): Promise<void> {
    this.#trials.push(await tell(this.#texts));
    if (this.#trials.length === BLOCK_TRIALS) this.#close();
  }

  /** Each block as base64 of a gzipped JSON text of a `TrialBlock`. */
  async all(): Promise<string[]> {
    if (this.#trials.length > 0) this.#close();
    return Promise.all(this.#packed);
  }

  #close(): void {
    const text = JSON.stringify({ texts: this.#texts.all(), trials: this.#trials });
    this.#packed.push(pack(text).then((bytes) => bytes.toString('base64')));
    this.#texts = new Texts();
    this.#trials = [];
  }
}
