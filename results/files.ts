/** Files of a record are never half-written: whole ones appear by rename, growing ones are flushed. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { onFile } from './errors.ts';

/** Makes a folder and its parents; existing ones are kept. */
export async function makeFolder(path: string): Promise<void> {
  await onFile('make folder', path, () => mkdir(path, { recursive: true }));
}

/**
 * Writes a whole file so that a reader sees the previous content or the new one, also after a crash:
 * temporary file, fsync, rename, fsync of the folder. The temporary file is removed when that fails.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  await onFile('write', path, async () => {
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

/** Makes a rename durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Appends lines in the order of the calls; each call resolves once its line is on the disk. */
export class AppendedLines {
  readonly #path: string;
  #waiting: string[] = [];
  #flush: Promise<void> | undefined;
  #last: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Lines that come while a flush is under way share the next one, so that fsync is paid per batch. */
  append(line: string): Promise<void> {
    this.#waiting.push(line);
    if (this.#flush !== undefined) return this.#flush;
    const flush = (this.#last ?? Promise.resolve()).then(() => this.#write());
    this.#flush = flush;
    this.#last = flush.catch(() => undefined);
    return flush;
  }

  /** Resolves when every line given so far is on the disk. */
  async settle(): Promise<void> {
    await (this.#flush ?? this.#last);
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#flush = undefined;
    await onFile('append to', this.#path, async () => {
      const file = await open(this.#path, 'a');
      try {
        await file.appendFile(`${lines.join('\n')}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }
}
