/**
 * A page's outline, by which answers to writes are compared: which elements and attributes it has, and what it
 * calls things, without the data. Ids given to the same write differ between the universes, and lists are as long
 * as the data that has arrived.
 */
import { below, stepsOf } from './places.ts';
import type { Element } from './tree.ts';

/** Attributes that describe the page rather than its data. */
const DESCRIBING = /^(data-.+|name|type|method|class|lang|rel)$/;
/** Elements whose text is the page's own. */
const CAPTIONS = new Set(['title', 'h1', 'h2', 'h3', 'th', 'label', 'button', 'legend']);

/** Lines of the outline; each place once. */
export function outlineOf(root: Element): ReadonlySet<string> {
  const lines = new Set<string>();
  collect(root.tag, root, lines);
  return lines;
}

function collect(place: string, one: Element, lines: Set<string>): void {
  lines.add(place);
  for (const [name, value] of one.attributes)
    lines.add(DESCRIBING.test(name) ? `${place}@${name}=${withoutData(value)}` : `${place}@${name}`);
  const steps = stepsOf(one);
  for (const [index, child] of one.children.entries()) {
    const at = below(place, steps[index] as string);
    if (typeof child === 'object') collect(at, child, lines);
    else if (CAPTIONS.has(one.tag)) lines.add(`${at}=${withoutData(child)}`);
  }
}

/** Numbers and tokens become `#`. */
function withoutData(value: string): string {
  return value
    .replace(/[0-9a-f]{16,}/gi, '#')
    .replace(/\d+/g, '#')
    .slice(0, 120);
}
