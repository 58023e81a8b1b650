/**
 * The upgrade-centric fault model in words: types, violations, sources, and the hidden dependencies that the slides of
 * Dumitraş and Narasimhan, "Why Do Upgrades Fail and What Can We Do About It?", name.
 */
import type { Fault, FaultType, Provenance, Violation } from '../contract/fault.ts';

/** Types, by number (slides, "Upgrade-faults types"). */
export const TYPES: Readonly<Record<FaultType, string>> = {
  0: 'no fault: the control',
  1: 'simple configuration or procedural error',
  2: 'semantic configuration error',
  3: 'broken environmental dependency',
  4: 'data-access error',
};

/** How an operator departs from the procedure (slides, "Upgrade Faults"). */
export const VIOLATIONS: Readonly<Record<Violation, string>> = {
  none: 'none',
  omitted: 'omitted action',
  incorrect: 'incorrect action',
  spurious: 'spurious action',
  inverted: 'order inversion',
};

/** From where a fault is known. */
export const PROVENANCE: Readonly<Record<Provenance, string>> = {
  slides:
    'the hidden dependency stands on the slides of Dumitraş and Narasimhan, "Why Do Upgrades Fail and What Can We Do About It?"',
  'slides+paper-unverified':
    'the hidden dependency stands on the slides of Dumitraş and Narasimhan; a fault of this name is remembered from the paper’s evaluation, its details are unverified',
  upfault: 'upfault’s own',
};

/**
 * Which of the slides' three sources a fault comes from (user study, survey, field study). The slides tell it in
 * pictures, which are lost: it is unknown rather than guessed.
 */
export function sourceOf({ provenance }: Pick<Fault, 'provenance'>): 'unknown' | 'upfault' {
  return provenance === 'upfault' ? 'upfault' : 'unknown';
}

/** A hidden dependency as the slides name it. */
export interface SlideDependency {
  /** The kind that the slides list it under; itself where it stands alone. */
  readonly kind: string;
  readonly name: string;
  /** What a fault's dependency must hold, in small letters, to be one of these. */
  readonly words: readonly string[];
}

const one = (kind: string, name: string, ...words: readonly string[]): SlideDependency => ({
  kind,
  name,
  words,
});
const alone = (name: string, ...words: readonly string[]): SlideDependency => one(name, name, ...words);

/** All of them, in the order of the slide "Hidden-Dependency Examples". */
export const SLIDE_DEPENDENCIES: readonly SlideDependency[] = [
  one('Service location', 'File path', 'file path'),
  one('Service location', 'Network address', 'network address'),
  one('Dynamic linking', 'Library conflicts', 'library conflicts'),
  one('Dynamic linking', 'Defective components', 'defective components'),
  one('Database schema', 'Application/DB mismatch', 'application/db mismatch'),
  one('Database schema', 'Missing indexes', 'missing indexes'),
  ...['File system', 'Database objects', 'URLs'].flatMap((of) =>
    ['excessive', 'insufficient', 'unavailable'].map((degree) =>
      one('Access privileges', `${of} (${degree})`, of.toLowerCase(), degree),
    ),
  ),
  alone('Configuration-parameter constraints', 'parameter constraints'),
  alone('Replication degree', 'replication degree'),
  alone('Storage-space availability', 'storage-space'),
  alone('Client access to system-under-upgrade', 'client access'),
  one('Cached data', 'SSL certificates', 'ssl certificates'),
  one('Cached data', 'DNS lookups', 'dns lookups'),
  one('Cached data', 'Buffer cache', 'buffer cache'),
  alone('Listening-port conflicts', 'listening-port'),
  alone('Protocol mismatch', 'protocol'),
  alone('Entropy for random-number generation', 'entropy'),
  alone('Request scheduling', 'request scheduling'),
  alone('Disk speed', 'disk speed'),
];

/** Whether a fault breaks this hidden dependency. */
export function breaks({ dependency }: Pick<Fault, 'dependency'>, { words }: SlideDependency): boolean {
  const text = dependency.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Whether a fault's dependency is of this kind of the slides', without being one that they name. */
export function isOtherOf(fault: Pick<Fault, 'dependency'>, kind: string): boolean {
  return (
    fault.dependency.toLowerCase().includes(kind.toLowerCase()) &&
    !SLIDE_DEPENDENCIES.some((named) => breaks(fault, named))
  );
}
