/** Which faults a user means: names, compositions, `all`, or `type:N`. */
import { faults } from '../../faults/catalogue.ts';
import type { Fault } from '../contract/fault.ts';
import { UsageError } from '../errors.ts';
import { faultsNamed } from './prepare.ts';

/** A fault as it is planted when many are: one that changes nothing by itself, with another. */
export function plantedAs({
  name,
  shownWith,
}: {
  readonly name: string;
  readonly shownWith?: string | null;
}): string {
  return shownWith == null ? name : `${name}+${shownWith}`;
}

/** Names of the selected faults, each known to the catalogue, without repetition. `none` selects nothing. */
export function selectFaults(operation: string, words: readonly string[]): string[] {
  const catalogue: readonly Fault[] = Object.values(faults);
  const selected = words.flatMap((word) => {
    if (word === 'all') return catalogue.map(plantedAs);
    if (word === 'none') return [];
    if (!word.startsWith('type:')) {
      faultsNamed(operation, word);
      return [word];
    }
    const type = Number(word.slice('type:'.length));
    const names = catalogue.filter((fault) => fault.type === type).map(plantedAs);
    if (names.length === 0)
      throw new UsageError(`${operation}: there is no fault of "${word}"; allowed are type:1 to type:4`);
    return names;
  });
  return [...new Set(selected)];
}
