/**
 * Texts that clients write. A third holds characters outside ASCII, so that a conversion through the wrong
 * character set alters what users wrote. No tabs, line ends, backslashes or outer blanks: the ledger reads
 * them back as tab-separated text. No imports but the client's draws.
 */
import type { Draws } from './prng.ts';

const WORDS =
  'old new rare plain blue green small large wooden silver clock chair lamp print book coin radio camera bicycle violin box set pair used mint boxed signed early late fine good fair'.split(
    ' ',
  );
const FOREIGN_WORDS = [
  'café',
  'Größe',
  'naïve',
  'señor',
  'łódź',
  'Ångström',
  '25 €',
  '東京',
  'Ωmega',
  'œuvre',
];

/** Words of at least 1 and at most `limit` characters in all. */
export function textOf(draws: Draws, limit: number): string {
  const foreign = draws.unit() < 1 / 3;
  let text = wordOf(draws, foreign);
  while (text.length < limit) text += ` ${wordOf(draws, foreign && draws.unit() < 0.2)}`;
  return text.slice(0, limit).trim();
}

/** A first or last name. */
export function nameOf(draws: Draws): string {
  const word = wordOf(draws, draws.unit() < 1 / 3);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function wordOf(draws: Draws, foreign: boolean): string {
  const words = foreign ? FOREIGN_WORDS : WORDS;
  return words[draws.between(0, words.length - 1)] as string;
}
