/** Files of the repository that a step puts on a host. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** All files below a folder, sorted, so that archives of the same folder are alike. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
