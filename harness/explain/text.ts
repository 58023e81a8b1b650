/** An explanation for a terminal. */
import type { Applies, CatalogueEntry, CaughtBy } from './entry.ts';
import { excerptLines } from './excerpt.ts';
import type { Explanation } from './explanation.ts';
import { PROVENANCE, TYPES, VIOLATIONS } from './fault-model.ts';

/** Widest line of running text. */
const WIDTH = 98;

/** The whole of it. */
export function explanationText({
  fault,
  faults,
  appliesTo,
  approach,
  option,
  plan,
  byHand,
}: Explanation): string {
  const reason = appliesTo.find((one) => one.approach === approach)?.reason;
  return [
    ...(faults.length === 0 ? [`${fault}: the control, nothing is planted`, ''] : faults.flatMap(entryLines)),
    'Under which approaches it applies',
    ...appliesTo.map((one) => `  ${one.approach.padEnd(8)}  ${appliesText(one)}`),
    '',
    ...(plan === null
      ? [`Under ${approach} it does not apply: ${reason}`]
      : [
          `Where it is in the plan of ${approach}${option === null ? '' : ` with ${option}`} (> marks what it touched; seed ${plan.seed})`,
          ...excerptLines(plan.parts, { numbered: true }),
        ]),
    ...(byHand.length === 0 ? [] : ['', 'To see it by hand', ...byHand.map((line) => indented(line))]),
    '',
  ].join('\n');
}

function entryLines(entry: CatalogueEntry): string[] {
  return [
    entry.name,
    ...row('type', `${entry.type}: ${TYPES[entry.type]}`),
    ...row('violation', VIOLATIONS[entry.violation]),
    ...row('dependency', entry.dependency),
    ...row('provenance', PROVENANCE[entry.provenance]),
    ...row(
      'source',
      entry.source === 'unknown'
        ? 'unknown (user study, survey or field study: the slides tell it in pictures)'
        : 'none',
    ),
    ...row('tiers', tiersText(entry)),
    ...row('hosts', hostsText(entry)),
    ...(entry.shownWith === null
      ? []
      : row('shown with', `${entry.shownWith}: alone it would change nothing`)),
    ...(entry.varies ? row('edit', 'one of many, drawn by the seed') : []),
    '',
    ...wrapped(entry.summary, '  '),
    '',
    ...wrapped(`Confirmed when: ${entry.confirmedBy}`, '  '),
    '',
    'What would have caught it automatically',
    ...entry.caughtBy.flatMap((one) => row(one.detector, caughtText(one, entry.varies), 20)),
    '',
  ];
}

/** Whether it applies, in words. */
export function appliesText({ applies, reason, appliesWith }: Applies): string {
  if (applies) return 'yes';
  return appliesWith === null ? `no: ${reason}` : `no: ${reason}; with ${appliesWith}, yes`;
}

/** Tiers that it touches, in words. */
export function tiersText({ tiers, reach }: CatalogueEntry): string {
  if (tiers.length > 0) return tiers.join(', ');
  return reach.all.length > 0
    ? 'those that the step acts on'
    : 'none: a step of the procedure’s own machines';
}

/** Hosts that it meets, in words. */
export function hostsText({ reach: { one, all }, tiers, violation, shownWith }: CatalogueEntry): string {
  if (all.length === 0) return 'none';
  // An order between the database and what uses it is about both tiers: neither tier nor host is drawn.
  const isBetweenTiers = violation === 'inverted' && tiers.includes('db') && tiers.length > 1;
  const drawn = isBetweenTiers ? '' : ', drawn by the seed';
  const hosts =
    one.length === all.length
      ? all.join(', ')
      : `${one.length} of ${all.join(', ')}${drawn}; all of them with --reach all`;
  // A fault that is shown with another one meets that one’s hosts.
  if (tiers.length < 2 || isBetweenTiers || shownWith !== null) return hosts;
  return `${hosts}; in the plan shown: another seed may draw another tier`;
}

/** What a detector says, in words. */
export function caughtText({ outcome, approach, seed, words }: CaughtBy, varies: boolean): string {
  if (outcome === 'not yet tried') return outcome;
  const said = outcome === 'caught' ? `yes: ${words}` : words === '' ? 'no' : `no, ${words}`;
  return `${said} (${approach}${varies ? `, the edit that seed ${seed} draws` : ''})`;
}

function row(label: string, text: string, width = 12): string[] {
  const [first = '', ...rest] = wrapped(text, ' '.repeat(width + 2));
  return [`  ${label.padEnd(width)}${first.trimStart()}`, ...rest];
}

function wrapped(text: string, margin: string): string[] {
  return text
    .replaceAll(new RegExp(`(.{1,${WIDTH - margin.length}})(?:\\s+|$)`, 'g'), `${margin}$1\n`)
    .trimEnd()
    .split('\n');
}

/** Here-documents must begin at the margin to be pasted: lines of several lines stay as they are. */
function indented(line: string): string {
  return line.includes('\n') ? line : `  ${line}`;
}
