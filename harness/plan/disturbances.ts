/**
 * Positive controls: harm of a known size, done to requests by the ingress interceptor and not by the system, so that it can be
 * measured how much of it the judgement notices. People write `latency:2x`, `errors:10%`, `outage:5s`; in plans and
 * records such a trial stands where faults do, as `positive@latency:2x`.
 */
import type { DisturbanceKind, PlannedDisturbance, PlannedFault, Windows } from '../contract/plan.ts';
import { randomStream } from './random.ts';

/** What is asked for: a kind and its size, in the unit that `PlannedDisturbance` has. */
export type Disturbing = Pick<PlannedDisturbance, 'kind' | 'size'>;

const PREFIX = 'positive@';
const FORM = /^(latency|errors|outage):(\d+(?:\.\d+)?)(x|%|s)$/;
/** Unit that each is written in, and how many of it are 1. */
const UNITS: Readonly<Record<DisturbanceKind, { readonly unit: string; readonly perOne: number }>> = {
  latency: { unit: 'x', perOne: 1 },
  errors: { unit: '%', perOne: 100 },
  outage: { unit: 's', perOne: 1 },
};

/** What is allowed, for messages. */
export const DISTURBANCE_FORM =
  'latency:TIMESx (over 1, at most 10), errors:SHARE% (under 100), outage:SECONDSs';

/** Kinds of positive controls that are run where none are named: harm that matters by far, and outages at and past the bound. */
export const USUAL_DISTURBANCES = ['latency:2x', 'errors:10%', 'outage:5s', 'outage:3s'];

/** Time at either end of the horizon in which no outage begins or ends, so that all of it is seen, s. */
const MARGIN_S = 1;

/** What a text asks for; undefined where it is not allowed. */
export function parseDisturbance(text: string): Disturbing | undefined {
  const [, kind, number, unit] = FORM.exec(text) ?? [];
  const of = UNITS[kind as DisturbanceKind];
  if (of === undefined || of.unit !== unit) return undefined;
  const size = Number(number) / of.perOne;
  const isAllowed =
    size > 0 && (kind !== 'latency' || (size > 1 && size <= 10)) && (kind !== 'errors' || size < 1);
  return isAllowed ? { kind: kind as DisturbanceKind, size } : undefined;
}

/** The name under which a positive control stands where faults do. */
export function positiveName(text: string): string {
  return `${PREFIX}${text}`;
}

/** What a positive control of this name does; undefined for any other name. */
export function disturbanceNamed(name: string): Disturbing | undefined {
  return name.startsWith(PREFIX) ? parseDisturbance(name.slice(PREFIX.length)) : undefined;
}

/** Why it does not fit into the windows; empty where it does. */
export function tooLongFor({ horizonS, name }: Windows, { kind, size }: Disturbing): string {
  const most = horizonS - 2 * MARGIN_S;
  return kind === 'outage' && size > most
    ? `windows ${name} have a horizon of ${horizonS} s, in which an outage of at most ${most} s is seen whole`
    : '';
}

/** All of the horizon, or, for an outage, a part of it that the seed draws. */
export function planDisturbance(seed: number, windows: Windows, asked: Disturbing): PlannedDisturbance {
  const { horizonS } = windows;
  if (asked.kind !== 'outage') return { ...asked, atS: 0, forS: horizonS };
  const tenths = Math.floor((horizonS - 2 * MARGIN_S - asked.size) * 10);
  const atS = MARGIN_S + randomStream(seed, 'disturbance').below(tenths + 1) / 10;
  return { ...asked, atS, forS: asked.size };
}

/** How a positive control is recorded in the place of a fault. */
export function positiveControl(name: string): PlannedFault {
  return { name, type: 5, violation: 'none', dependency: 'none', provenance: 'upfault' };
}
