/**
 * Settings in the wrong place, or not all of them (Keller, Upadhyaya & Candea, “ConfErr”, DSN 2008, “Structural Errors”): left
 * out, pasted twice, cut off, put into another section; a section that ends too early.
 */
import type { Directive, Document, Entry, Format, Section } from './document.ts';
import { withReplaced } from './document.ts';
import { typedParts } from './typos.ts';

/** Ways to get the structure wrong. */
export const STRUCTURE_ERRORS = ['deleted', 'duplicated', 'truncated', 'moved', 'closed-early'] as const;
export type StructureError = (typeof STRUCTURE_ERRORS)[number];

/** A document with something wrong, and where and what in words. */
export interface Altered {
  readonly line: number;
  readonly what: string;
  readonly document: Document;
}

/** Every way in which a document's structure can be wrong so, in reading order. */
export function restructured(document: Document, error: StructureError, format: Format): Altered[] {
  switch (error) {
    case 'deleted':
      return directivesOf(document).map((one) => ({
        line: one.line,
        what: `${shown(one)} deleted`,
        document: withReplaced(document, one, []),
      }));
    case 'duplicated':
      return directivesOf(document).map((one) => ({
        line: one.line,
        what: `${shown(one)} duplicated`,
        document: withReplaced(document, one, [one, { ...one }]),
      }));
    case 'truncated':
      return directivesOf(document).flatMap((one) => truncated(document, one, format));
    case 'moved':
      return directivesOf(document).flatMap((one) => moved(document, one, format));
    case 'closed-early':
      return sectionsOf(document.children).flatMap((one) => closedEarly(document, one));
    default:
      return error satisfies never;
  }
}

/** Directives without a comment on their line: comments are never touched. */
function directivesOf(document: Document): Directive[] {
  const within = (entry: Entry): Directive[] => {
    if (entry.node === 'section') return entry.children.flatMap(within);
    return entry.node === 'directive' && !/[#;]/.test(entry.end) ? [entry] : [];
  };
  return document.children.flatMap(within);
}

function sectionsOf(entries: readonly Entry[]): Section[] {
  return entries.flatMap((entry) => (entry.node === 'section' ? [entry, ...sectionsOf(entry.children)] : []));
}

/** The last word is missing, or its second half. */
function truncated(document: Document, one: Directive, format: Format): Altered[] {
  const last = one.words.at(-1);
  if (last === undefined) return [];
  const shorter = (words: Directive['words']): Altered => ({
    line: one.line,
    what: `${shown(one)} truncated: ${shown({ ...one, words })}`,
    document: withReplaced(document, one, [{ ...one, words }]),
  });
  const [typed, ...others] = typedParts(last.text);
  const placeholder = typed === undefined || others.length > 0 || last.text.includes('@@');
  if (placeholder) return [];
  const rest = one.words.slice(0, -1);
  const middle = typed.from + Math.floor((typed.to - typed.from) / 2);
  const half = `${last.text.slice(0, middle)}${last.text.slice(typed.to)}`;
  const isLong = typed.to - typed.from > 3 && !last.text.includes('\\');
  const halves = isLong ? [shorter([...rest, { ...last, text: half }])] : [];
  return format.barewords ? [shorter(rest), ...halves] : halves;
}

/** It stands at the end of another section, or of none. */
function moved(document: Document, one: Directive, format: Format): Altered[] {
  // An element of a list is called nothing, and a list holds nothing that is called something.
  if (one.name === '') return [];
  const to = (place: string, pasted: Document): Altered => ({
    line: one.line,
    what: `${shown(one)} moved ${place}`,
    document: withReplaced(pasted, one, []),
  });
  const copy = { ...one };
  const into = sectionsOf(document.children)
    .filter((section) => !isList(section) && !section.children.includes(one))
    .map((section) =>
      to(
        `to ${shownHead(section)}`,
        withReplaced(document, section, [{ ...section, children: [...section.children, copy] }]),
      ),
    );
  if (!format.unsectioned || document.children.includes(one)) return into;
  return [...into, to('out of its section', { ...document, children: [...document.children, copy] })];
}

/**
 * The end of a section comes before its last settings: they stand behind it, or, where only the head of the next section
 * ends one, in that. A section keeps at least one.
 */
function closedEarly(document: Document, section: Section): Altered[] {
  const siblings = siblingsOf(document.children, section);
  const next = siblings[siblings.indexOf(section) + 1];
  const isHeaded = section.close === '';
  const hasRoom = isHeaded
    ? next?.node === 'section'
    : document.apart === 'lines' || !document.children.includes(section);
  // Elements of a list have no names that they could be members by.
  if (!hasRoom || isList(section)) return [];
  const places = section.children.flatMap((child, index) =>
    child.node === 'trivia' ? [] : [{ child, index }],
  );
  return places.slice(1).map(({ child, index }) => {
    const early: Section = { ...section, children: section.children.slice(0, index) };
    const rest = section.children.slice(index);
    const goesOn =
      isHeaded && next?.node === 'section'
        ? withReplaced(document, next, [{ ...next, children: [...rest, ...next.children] }])
        : document;
    return {
      line: child.line,
      what: `${shownHead(section)} closed before ${shown(child)}`,
      document: withReplaced(goesOn, section, isHeaded ? [early] : [early, ...rest]),
    };
  });
}

/** Of values without names. */
function isList(section: Section): boolean {
  return section.end.endsWith('[');
}

function siblingsOf(entries: readonly Entry[], section: Section): readonly Entry[] {
  if (entries.includes(section)) return entries;
  const lists = entries.map((entry) => (entry.node === 'section' ? siblingsOf(entry.children, section) : []));
  return lists.find((list) => list.length > 0) ?? [];
}

function shown({ name, words }: Pick<Directive, 'name' | 'words'>): string {
  return [name, ...words.map(({ text }) => text)].filter((text) => text !== '').join(' ');
}

function shownHead(section: Section): string {
  return `section ${shown(section) || 'at the top'}`;
}
