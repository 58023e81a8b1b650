/** Remembers what the test writes of this process changed in the new universe, so that it is not taken for a fault. */
import type { WriteFootprint } from '../../contract/difference.ts';
import type { AnswerDifference } from './answer-difference.ts';
import { matchesRoute } from './declared-differences.ts';
import type { Element } from './tree.ts';

/** A write as it was sent. */
export interface SentWrite {
  readonly method: string;
  readonly target: string;
  readonly form: URLSearchParams;
}

/** How much of a page a test write has changed. */
export type Coverage = 'all' | 'rows' | 'nothing';

/** Memory of one tester. */
export class Footprints {
  private readonly declared: readonly WriteFootprint[];
  private readonly touched = new Links();
  private readonly lists = new Links();

  constructor(declared: readonly WriteFootprint[]) {
    this.declared = declared;
  }

  /** Whether anything is declared about such a request. */
  concerns(method: string, target: string): boolean {
    return this.declaredFor(method, target).length > 0;
  }

  /** Remembers a write; called when it is sent, and again for each answer with its page. */
  record(write: SentWrite, page?: Element): void {
    const body = page?.children.find((child) => typeof child === 'object' && child.tag === 'body');
    const attributes = typeof body === 'object' ? body.attributes : undefined;
    for (const { touches, lists = [] } of this.declaredFor(write.method, write.target)) {
      for (const link of touches) this.touched.add(filled(link, write.form, attributes));
      for (const link of lists) this.lists.add(filled(link, write.form, attributes));
    }
  }

  /** Whether a request or a link leads to something that a test write changed. */
  covers(link: string): Coverage {
    const address = addressOf(link);
    if (this.touched.has(address)) return 'all';
    return this.lists.has(address) ? 'rows' : 'nothing';
  }

  /** Whether test writes explain that answers to a request differ so. */
  explain(target: string, difference: AnswerDifference): boolean {
    const page = this.covers(target);
    if (page === 'all' || difference.links.some((link) => this.covers(link) === 'all')) return true;
    return page === 'rows' && (difference.scope === 'rows' || difference.scope === 'value');
  }

  private declaredFor(method: string, target: string): readonly WriteFootprint[] {
    const { pathname } = addressOf(target);
    return this.declared.filter(({ write }) => matchesRoute(write, method, pathname));
  }
}

/** More links than these are remembered only by forgetting old ones. */
const MAX_LINKS = 20_000;

/** Links by path and parameters; other parameters of an address do not matter. */
class Links {
  /** By path and names of parameters, their values. */
  private readonly values = new Map<string, Set<string>>();
  private size = 0;

  /** @param link - undefined for one that cannot be known */
  add(link: string | undefined): void {
    if (link === undefined) return;
    const { pathname, searchParams } = addressOf(link);
    const names = [...new Set(searchParams.keys())].sort();
    const key = [pathname, ...names].join(' ');
    const values = this.values.get(key) ?? new Set();
    this.values.set(key, values);
    const value = valuesOf(searchParams, names);
    if (values.has(value)) return;
    values.add(value);
    this.size += 1;
    if (this.size <= MAX_LINKS) return;
    const [oldest] = values;
    values.delete(oldest as string);
    this.size -= 1;
  }

  has({ pathname, searchParams }: URL): boolean {
    for (const [key, values] of this.values) {
      const [path = '', ...names] = key.split(' ');
      if (path === pathname && values.has(valuesOf(searchParams, names))) return true;
    }
    return false;
  }
}

function filled(
  link: string,
  form: URLSearchParams,
  attributes: ReadonlyMap<string, string> | undefined,
): string | undefined {
  let known = true;
  const text = link.replace(/@@(form|body):([\w-]+)@@/g, (_, from: string, name: string) => {
    const value = from === 'form' ? form.get(name) : attributes?.get(name);
    if (value === null || value === undefined) known = false;
    return encodeURIComponent(value ?? '');
  });
  return known ? text : undefined;
}

function valuesOf(parameters: URLSearchParams, names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(parameters.get(name) ?? '')).join('&');
}

function addressOf(link: string): URL {
  try {
    return new URL(link, 'https://site.invalid');
  } catch {
    return new URL('https://site.invalid/');
  }
}
