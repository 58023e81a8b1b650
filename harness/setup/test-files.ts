/** Which test files there are, and in which group each one runs. */
import { globSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { PROJECT_FOLDER } from './folders.ts';

/** Groups in the order in which they run: what is quick and needs nothing comes first. */
export const GROUPS = ['plain', 'containers', 'browser'] as const;

/** What a test needs: nothing, the container engine, or a browser as well. */
export type Group = (typeof GROUPS)[number];

/** Paths of all test files relative to the project, sorted. */
export function listTestFiles(root: string = PROJECT_FOLDER): readonly string[] {
  return globSync('test/**/*.test.ts', { cwd: root }).sort();
}

/** Group of a test file, by its name. */
export function groupOf(file: string): Group {
  if (file.endsWith('.browser.test.ts')) return 'browser';
  return file.endsWith('.containers.test.ts') ? 'containers' : 'plain';
}

/** Whether a file is meant by a pattern: a part of its path or, where it has `*`, `?`, `{` or `[`, a glob of it. */
export function isMeant(file: string, pattern: string | undefined): boolean {
  if (pattern === undefined || file.includes(pattern)) return true;
  return /[*?{[]/.test(pattern) && matchesGlob(file, pattern);
}
