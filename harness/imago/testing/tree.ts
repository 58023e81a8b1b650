/**
 * Answers' bodies as trees, so that they can be compared by place: HTML as browsers read it, JSON, and
 * everything else as one text.
 */
import { createHash } from 'node:crypto';
import { type DefaultTreeAdapterMap, parse } from 'parse5';

/** An element, or a property of a JSON object. */
export interface Element {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Tree[];
  /** All of it as text: equal exactly if the elements are. */
  readonly text: string;
}

/** An element or a text. */
export type Tree = Element | string;

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** A page is not nested deeper; what is, is compared as text from there. */
const MAX_DEPTH = 200;

/** Makes an element. */
export function element(
  tag: string,
  attributes: ReadonlyMap<string, string>,
  children: readonly Tree[],
): Element {
  let text = `<${tag}`;
  for (const [name, value] of attributes) text += ` ${name}=${JSON.stringify(value)}`;
  text += '>';
  for (const child of children) text += typeof child === 'string' ? JSON.stringify(child) : child.text;
  return { tag, attributes, children, text: `${text}</>` };
}

/** The body of an answer as a tree; bodies that are not what their type says are compared as text. */
export function parseBody(body: Buffer, contentType: string): Element {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === 'text/html' || type === 'application/xhtml+xml') return parseHtml(body.toString('utf8'));
  if (/^application\/([\w.-]+\+)?json$/.test(type)) return parseJson(body.toString('utf8'));
  if (/^text\/|javascript|xml/.test(type))
    return element('text', NO_ATTRIBUTES, [body.toString('utf8').replaceAll('\r\n', '\n')]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return element(
    'bytes',
    NO_ATTRIBUTES,
    body.length === 0 ? [] : [`${body.length} bytes, SHA-256 ${sha256}`],
  );
}

type Parsed = DefaultTreeAdapterMap['childNode'];

function parseHtml(html: string): Element {
  const { childNodes } = parse(html);
  const root = childNodes.find((node) => node.nodeName === 'html');
  const tree = root && convert(root, 0);
  return typeof tree === 'object' ? tree : element('html', NO_ATTRIBUTES, []);
}

function convert(node: Parsed, depth: number): Tree | undefined {
  if ('value' in node && node.nodeName === '#text') {
    const text = node.value.replace(/\s+/g, ' ').trim();
    return text === '' ? undefined : text;
  }
  if (!('tagName' in node)) return undefined;
  const attributes = new Map(node.attrs.map(({ name, value }) => [name, value] as const).sort(byName));
  const inside = 'content' in node ? (node.content as { childNodes: Parsed[] }).childNodes : node.childNodes;
  const children = depth >= MAX_DEPTH ? [] : inside.map((child) => convert(child, depth + 1));
  return element(
    node.tagName,
    attributes,
    children.filter((child) => child !== undefined),
  );
}

function parseJson(text: string): Element {
  try {
    return element('json', NO_ATTRIBUTES, [fromJson('value', JSON.parse(text), 0)]);
  } catch {
    return element('text', NO_ATTRIBUTES, [text]);
  }
}

function fromJson(tag: string, value: unknown, depth: number): Element {
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH)
    return element(tag, NO_ATTRIBUTES, [JSON.stringify(value)]);
  if (Array.isArray(value))
    return element(
      tag,
      new Map([['type', 'array']]),
      value.map((one) => fromJson('item', one, depth + 1)),
    );
  const entries = Object.entries(value).sort(byName);
  return element(
    tag,
    new Map([['type', 'object']]),
    entries.map(([key, one]) => fromJson(key, one, depth + 1)),
  );
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
