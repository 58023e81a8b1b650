/** In which headers two answers differ. */

/** One header that differs. */
export interface HeaderDifference {
  /** Name of the header. */
  readonly place: string;
  readonly detail: string;
}

const EXCERPT = 100;

/** Headers of the second answer that differ from the first's. */
export function headerDifferences(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): HeaderDifference[] {
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names]
    .filter((name) => left.get(name) !== right.get(name))
    .map((name) => ({
      place: name,
      detail: `${name}: ${shown(left.get(name))} became ${shown(right.get(name))}`,
    }));
}

function shown(value: string | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value.slice(0, EXCERPT));
}
