/** What of a system is sound while it is provoked, and what a restart has mended that was not. */
import type { HostName } from '../contract/topology.ts';

/** The system as users meet it, among what was repaired. */
export const SITE = 'site';

/** Changes with every provocation. */
export class Soundness {
  /** Whether users' walks succeed, as far as is known. */
  isSiteSound: boolean;
  /** Hosts that did not pass their health check when they were last asked. */
  readonly unwell: Set<HostName>;
  /** Unsound before anything was provoked, and ever since. */
  readonly #unmended: Set<string>;

  constructor(isSiteSound: boolean, unwell: ReadonlySet<HostName>) {
    this.isSiteSound = isSiteSound;
    this.unwell = new Set(unwell);
    this.#unmended = new Set([...unwell, ...(isSiteSound ? [] : [SITE])]);
  }

  /** A host, or the site, is sound now. @returns what that has repaired, if it was not before anything was provoked */
  sound(what: string): string[] {
    if (what === SITE) this.isSiteSound = true;
    else this.unwell.delete(what);
    return this.#unmended.delete(what) ? [what] : [];
  }

  /** Whether the site was unsound from the beginning and still is. */
  get awaitsRepair(): boolean {
    return this.#unmended.has(SITE);
  }
}
