/** One Markdown page a fault, and an index; the same catalogue gives the same bytes. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CampaignRequest } from '../campaign/request.ts';
import type { FaultType } from '../contract/fault.ts';
import type { CatalogueEntry } from './entry.ts';
import { excerptLines } from './excerpt.ts';
import { allEntries, type Explanation, explain } from './explanation.ts';
import { breaks, isOtherOf, PROVENANCE, SLIDE_DEPENDENCIES, TYPES, VIOLATIONS } from './fault-model.ts';
import { appliesText, caughtText, hostsText, tiersText } from './text.ts';

/** First line of every page that is made; a page without it is somebody's own, and is left alone. */
const MADE = '<!-- Made by `npm run docs` from the catalogue of faults: do not edit. -->';

/** Steps that are shown around an edited one. */
const AROUND = 2;

/** Of an edit that is drawn, a page could show but one, and another one after any change of what it is drawn from. */
const drawn = (name: string) =>
  `It is drawn by the seed. \`./upfault explain ${name} --seed 1\` shows one, and how to see it by hand.`;

/** Pages by file name. */
export function pagesOf(request: CampaignRequest): ReadonlyMap<string, string> {
  const entries = allEntries(request);
  return new Map([
    ['README.md', indexOf(entries)],
    ...entries.map((entry) => [`${entry.name}.md`, pageOf(request, entry)] as const),
  ]);
}

/** Writes all pages to a folder, and removes made pages of faults that there are no more. */
export async function writePages(folder: string, pages: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of pages) await writeFile(path.join(folder, name), text);
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!pages.has(name) && name.endsWith('.md') && (await readFile(file, 'utf8')).startsWith(MADE))
      await rm(file);
  }
}

function pageOf(request: CampaignRequest, entry: CatalogueEntry): string {
  const told = { around: AROUND, options: [] };
  const applying = entry.appliesTo.filter(({ applies }) => applies);
  const explained =
    applying.length === 0
      ? [explain(request, entry.name, told)]
      : applying.map(({ approach }) => explain(request, entry.name, { ...told, approach }));
  const first = explained.find(({ plan }) => plan !== null);
  return [
    MADE,
    `# ${entry.name}`,
    '',
    entry.summary,
    '',
    '| | |',
    '| --- | --- |',
    `| hidden dependency | ${entry.dependency} |`,
    `| type | ${entry.type}: ${TYPES[entry.type]} |`,
    `| violation | ${VIOLATIONS[entry.violation]} |`,
    `| provenance | ${PROVENANCE[entry.provenance]} |`,
    `| source on the slides | ${entry.source === 'unknown' ? 'unknown (told in pictures that are lost)' : 'none'} |`,
    `| tiers | ${tiersText(entry)} |`,
    `| hosts | ${hostsText(entry)} |`,
    ...(entry.varies ? ['| edit | one of many, drawn by the seed |'] : []),
    '',
    `**Confirmed when:** ${entry.confirmedBy}`,
    '',
    '## Where it applies',
    '',
    ...entry.appliesTo.map((one) => `- ${one.approach}: ${appliesText(one)}`),
    ...(entry.newOnly === null ? [] : [`- with \`--target old\`: no: ${entry.newOnly}`]),
    '',
    '## The edit of the plan',
    '',
    ...(entry.shownWith === null
      ? []
      : [`Alone it would change nothing that anybody notices: it is shown with ${entry.shownWith}.`, '']),
    ...(first === undefined
      ? ['There is none: it has nothing to break in any of these procedures.', '']
      : []),
    ...(entry.varies ? [drawn(entry.name), ''] : explained.flatMap(edit)),
    '## What would have caught it automatically',
    '',
    '| tool | complains |',
    '| --- | --- |',
    ...entry.caughtBy.map((one) => `| ${one.detector} | ${cell(caughtText(one, entry.varies))} |`),
    '',
    ...(first === undefined || entry.varies
      ? []
      : ['## To see it by hand', '', '```sh', ...first.byHand, '```', '']),
  ].join('\n');
}

function edit({ approach, option, plan }: Explanation): string[] {
  if (plan === null) return [];
  return [
    `Under ${approach}${option === null ? '' : ` with \`${option}\``}; \`>\` marks what it touched:`,
    '',
    '```text',
    ...excerptLines(plan.parts, { numbered: false }),
    '```',
    '',
  ];
}

function indexOf(entries: readonly CatalogueEntry[]): string {
  const types: readonly FaultType[] = [1, 2, 3, 4];
  return [
    MADE,
    '# The catalogue of faults',
    '',
    'By type, and by hidden dependency as the slides of Dumitraş and Narasimhan, "Why Do Upgrades Fail and What Can We Do',
    'About It?", name them. `p`: a fault of this name is remembered from the paper’s evaluation, its details are unverified;',
    '`u`: upfault’s own. No page says what a fault does to users: that is what trials find.',
    '',
    ...types.flatMap((type) => [
      `## Type ${type}: ${TYPES[type]}s`.replace(/ys$/, 'ies'),
      '',
      '| fault | violation | hidden dependency | |',
      '| --- | --- | --- | --- |',
      ...entries
        .filter((entry) => entry.type === type)
        .map((entry) => `| ${link(entry)} | ${entry.violation} | ${entry.dependency} | ${mark(entry)} |`),
      '',
    ]),
    '## By hidden dependency',
    '',
    '| kind | hidden dependency | faults |',
    '| --- | --- | --- |',
    ...dependencyRows(entries),
    '',
  ].join('\n');
}

function dependencyRows(entries: readonly CatalogueEntry[]): string[] {
  const kinds = [...new Set(SLIDE_DEPENDENCIES.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => [
    ...SLIDE_DEPENDENCIES.filter((named) => named.kind === kind).map((named) =>
      dependencyRow(
        kind,
        named.name === kind ? '' : named.name,
        entries.filter((entry) => breaks(entry, named)),
      ),
    ),
    ...[entries.filter((entry) => isOtherOf(entry, kind))]
      .filter((others) => others.length > 0)
      .map((others) => dependencyRow(kind, 'others', others)),
  ]);
}

function dependencyRow(kind: string, name: string, entries: readonly CatalogueEntry[]): string {
  return `| ${kind} | ${name} | ${entries.map(link).join(', ') || 'none yet'} |`;
}

function link({ name }: CatalogueEntry): string {
  return `[${name}](${name}.md)`;
}

function mark({ provenance }: CatalogueEntry): string {
  return { slides: '', 'slides+paper-unverified': 'p', upfault: 'u' }[provenance];
}

/** Text within a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
