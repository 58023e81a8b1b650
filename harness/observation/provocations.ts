/**
 * Provocations: what happens to every system sooner or later, done to it now, with a check that it then
 * still does what a sound one does. Each is judged from the clients' side.
 */
import type { Provocation } from '../contract/settle.ts';
import { type Acted, act, type Provoked, visit } from './provocation-acts.ts';
import {
  RECOVERY_LIMIT_MS,
  recover,
  recoverConvincingly,
  type Walked,
  walkConvincingly,
} from './recovery.ts';
import { REPAIR_LIMIT_MS } from './service-restart.ts';
import { SITE, type Soundness } from './soundness.ts';

/** What a provocation showed. */
export interface ProvocationResult {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly held: boolean;
  readonly carriedOut: boolean;
  readonly reason: string;
  /** From its start to the first failure; null where it held. */
  readonly activationMs: number | null;
  /** Hosts, or the site, that were unsound before anything was provoked and were sound after this. */
  readonly repaired: string[];
}

/** Walks through the system, recorded as if they were provocations. */
export type Walk = 'unprovoked' | 'afterwards';

/**
 * Whether users are served. What fails `unprovoked`, before anything is done, was not woken by a provocation, and is asked once;
 * what fails only `afterwards` was woken by one, after which the walk that followed it happened not to meet it. It has
 * the time to recover that it has after every provocation: connections that broke long ago fail when they are next used.
 */
export async function walk(name: Walk, walked: Walked): Promise<ProvocationResult> {
  const { nowMs } = walked.world;
  const startMs = nowMs();
  const { reason, activationMs } = await (name === 'unprovoked' ? once(walked) : inTime(walked, startMs));
  return {
    name,
    startMs,
    endMs: nowMs(),
    held: reason === '',
    carriedOut: true,
    reason,
    activationMs,
    repaired: [],
  };
}

type Met = Pick<ProvocationResult, 'reason' | 'activationMs'>;

async function once(walked: Walked): Promise<Met> {
  const { reason, firstFailureMs } = await walkConvincingly(walked);
  return { reason, activationMs: firstFailureMs };
}

async function inTime(walked: Walked, startMs: number): Promise<Met> {
  const { trouble, atMs } = await recoverConvincingly(walked);
  return { reason: trouble, activationMs: atMs === null ? null : atMs - startMs };
}

/**
 * Carries out one provocation and checks the recovery.
 * @param patience how long the restart of an unsound system is given to repair it: `long` costs seconds
 */
export async function provoke(
  provocation: Provocation,
  provoked: Provoked,
  state: Soundness,
  patience: 'short' | 'long',
): Promise<ProvocationResult> {
  const { nowMs } = provoked.world;
  const { name, act: how } = provocation;
  const startMs = nowMs();
  const end = (
    carriedOut: boolean,
    { trouble, atMs }: Pick<Acted, 'trouble' | 'atMs'>,
    repaired: string[],
  ) => ({
    name,
    startMs,
    endMs: nowMs(),
    held: carriedOut && trouble === '',
    carriedOut,
    reason: trouble,
    activationMs: atMs === null ? null : atMs - startMs,
    repaired,
  });
  try {
    const restarts = how.kind === 'restart' || how.kind === 'reboot';
    // What mended the site by now was something else.
    if (restarts && state.awaitsRepair && (await walkConvincingly(provoked)).held) state.sound(SITE);
    const acted = await act(name, how, provoked, state);
    const repaired = acted.well.flatMap((host) => state.sound(host));
    // What only asks has left nothing to recover from.
    if (how.kind === 'inspection' || how.kind === 'session') return end(true, acted, repaired);
    const unsoundLimitMs = restarts && patience === 'long' ? REPAIR_LIMIT_MS : 0;
    const limitMs = state.isSiteSound ? RECOVERY_LIMIT_MS : unsoundLimitMs;
    const recovery = await recover(provoked, limitMs);
    if (recovery.trouble !== '') state.isSiteSound = false;
    else if (!state.awaitsRepair) state.isSiteSound = true;
    if (acted.trouble !== '') return end(true, acted, repaired);
    if (recovery.trouble !== '') return end(true, recovery, repaired);
    if (state.awaitsRepair && restarts && (await walkConvincingly(provoked)).held)
      repaired.push(...state.sound(SITE));
    if (how.kind !== 'restart' || how.visit === undefined) return end(true, recovery, repaired);
    return end(true, await visit(how.visit, provoked), repaired);
  } catch (error) {
    return end(false, { trouble: (error as Error).message, atMs: null }, []);
  }
}
