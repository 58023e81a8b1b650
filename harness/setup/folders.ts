/** Where set-up finds the project and keeps what it brings. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The checkout's own folder, absolute. */
export const PROJECT_FOLDER = resolve(import.meta.dirname, '../..');

/**
 * Folder for what is kept between calls (k6, logs, locks, the record of what was brought), made if absent.
 * Follows the XDG base directory specification, which tells us to ignore relative values.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment.XDG_CACHE_HOME;
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.cache');
  const folder = join(base, 'upfault');
  mkdirSync(folder, { recursive: true });
  return folder;
}
