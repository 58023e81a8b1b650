/** Texts of the recipes that are files of their own kind: configuration templates, SQL and shell scripts. */
import { readFileSync } from 'node:fs';
import mustache from 'mustache';
import type { Release } from '../../../harness/contract/topology.ts';

/** A release's configuration file with a plan's values in it; `@@...@@` placeholders stay. */
export function configuration(
  release: Release,
  file: string,
  values: Readonly<Record<string, unknown>>,
): string {
  return rendered(new URL(`../releases/${release}/${file}`, import.meta.url), values);
}

/** A script or statement of this folder, likewise. */
export function script(file: string, values: Readonly<Record<string, unknown>> = {}): string {
  return rendered(new URL(file, import.meta.url), values);
}

function rendered(template: URL, values: Readonly<Record<string, unknown>>): string {
  // Configuration is no HTML: nothing is escaped.
  return mustache.render(readFileSync(template, 'utf8'), values, {}, { escape: (text) => text });
}
