/** Files for the logs of upgrades that tests carry out. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Makes such files, each in a folder of its own; registers the hook that removes them when all tests are over. */
export function stepLogFiles(): () => string {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'upfault-step-log-'));
    folders.push(folder);
    return path.join(folder, 'steps.log');
  };
}
