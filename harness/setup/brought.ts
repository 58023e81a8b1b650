/** The record of what set-up brought to the machine itself, so that exactly that can be taken away again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from './folders.ts';

const Brought = z.object({
  schemaVersion: z.literal(1),
  /** Debian packages that were not installed before, dependencies included. */
  packages: z.array(z.string()),
  /** Names, without architecture, of packages whose installation may have been cut off; absent where none was. */
  installing: z.array(z.string()).optional(),
  /** Identity (see `owner.ts`) of the engine that set-up started; absent where another was found. */
  engine: z.string().optional(),
});

/** What set-up brought. */
export type Brought = z.infer<typeof Brought>;

/** Reads the record; nothing was brought where there is none. Throws where it is damaged. */
export function readBrought(folder: string = cacheFolder()): Brought {
  const file = join(folder, 'brought.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { schemaVersion: 1, packages: [] };
    throw error;
  }
  const parsed = Brought.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(`read ${file}: it is damaged; what set-up brought is not known`, { cause: parsed.error });
  return parsed.data;
}

/** Adds to the record, whole or not at all; what is being installed is replaced. */
export function recordBrought(
  addition: Partial<Omit<Brought, 'schemaVersion'>>,
  folder: string = cacheFolder(),
): void {
  const { installing: cutOff, ...before } = readBrought(folder);
  const installing = addition.installing ?? cutOff ?? [];
  const after: Brought = {
    ...before,
    ...(addition.engine === undefined ? {} : { engine: addition.engine }),
    ...(installing.length === 0 ? {} : { installing }),
    packages: [...new Set([...before.packages, ...(addition.packages ?? [])])].sort(),
  };
  const file = join(folder, 'brought.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(after, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
