/** Remembers what the test writes of this process changed in the new universe, so that it is not taken for a fault. */
import type { WriteFootprint } from '../../contract/difference.ts';
import { matchesRoute } from './declared-differences.ts';
import type { Element } from './tree.ts';

/** A write as it was sent. */
export interface SentWrite {
  readonly method: string;
  readonly target: string;
  readonly form: URLSearchParams;
}

/** More links than these are remembered only by forgetting the oldest. */
const MAX_LINKS = 20_000;

/** Memory of one tester. */
export class Footprints {
  private readonly declared: readonly WriteFootprint[];
  /** By path and names of parameters, values of parameters that were touched. */
  private readonly touched = new Map<string, Set<string>>();
  private links = 0;

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
    for (const footprint of this.declaredFor(write.method, write.target))
      for (const link of footprint.touches) {
        let known = true;
        const filled = link.replace(/@@(form|body):([\w-]+)@@/g, (_, from: string, name: string) => {
          const value = from === 'form' ? write.form.get(name) : attributes?.get(name);
          if (value === null || value === undefined) known = false;
          return encodeURIComponent(value ?? '');
        });
        if (known) this.touch(filled);
      }
  }

  /** Whether a request or a link leads to something that a test write changed. */
  covers(link: string): boolean {
    if (this.links === 0) return false;
    const { pathname, searchParams } = addressOf(link);
    for (const [key, values] of this.touched) {
      const [path = '', ...names] = key.split(' ');
      if (path === pathname && values.has(valuesOf(searchParams, names))) return true;
    }
    return false;
  }

  private declaredFor(method: string, target: string): readonly WriteFootprint[] {
    const { pathname } = addressOf(target);
    return this.declared.filter(({ write }) => matchesRoute(write, method, pathname));
  }

  private touch(link: string): void {
    const { pathname, searchParams } = addressOf(link);
    const names = [...new Set(searchParams.keys())].sort();
    const key = [pathname, ...names].join(' ');
    const values = this.touched.get(key) ?? new Set();
    this.touched.set(key, values);
    const value = valuesOf(searchParams, names);
    if (values.has(value)) return;
    values.add(value);
    this.links += 1;
    if (this.links > MAX_LINKS) {
      const [oldest] = values;
      values.delete(oldest as string);
      this.links -= 1;
    }
  }
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
