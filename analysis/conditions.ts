/** What must be the same before one trial is held against another, by name. */
import type { TrialRecord } from '../results/schema.ts';

/** Begins the name of a fault that is a kill of the upgrader during a step. */
const CRASH = 'crash@';

/** Values by name; records with the same values may be compared. */
export type Conditions = Readonly<Record<string, string | number>>;

/** What makes the users' experience of two trials comparable, whatever is done to the system. */
export function conditionsOf(record: TrialRecord): Conditions {
  const { scenario, windows, hosts, scale, ratePerSecond, ingress, provocationSet } = record;
  return {
    scenario,
    'warm-up (s)': windows.warmUpS,
    'before (s)': windows.beforeS,
    'horizon (s)': windows.horizonS,
    'hosts a tier': hosts,
    scale,
    'requests a second': ratePerSecond,
    ingress,
    provocations: provocationSet,
  };
}

/** What makes two upgrades the same procedure. */
export function procedureOf(record: TrialRecord): Conditions {
  const { approach, gates, hardware, mirroring, windows, schemaPolicy, engine, onFailure } = record;
  return {
    approach,
    gates,
    hardware,
    mirroring,
    'dwell (s)': windows.dwellS,
    schema: schemaPolicy,
    engine,
    'on failure': onFailure,
    interrupts: interruptsBeside(record).sort().join(' '),
  };
}

/** Kills that were asked for beside the fault; those that are a fault itself (`crash@STEP`) are no part of the procedure. */
export function interruptsBeside({ interrupts, fault }: Pick<TrialRecord, 'interrupts' | 'fault'>): string[] {
  const own = new Set(
    fault.name
      .split('+')
      .flatMap((name) => (name.startsWith(CRASH) ? [`upgrader@${name.slice(CRASH.length)}`] : [])),
  );
  return interrupts.map(({ asked }) => asked).filter((asked) => !own.has(asked));
}

/** The same text for the same values. */
export function keyOf(conditions: Conditions): string {
  return JSON.stringify(Object.values(conditions));
}

/** Of several sets of values, what is not the same in all, as `horizon (s) 40, gates same`; empty where nothing differs. */
export function differencesOf(one: Conditions, all: readonly Conditions[]): string {
  return Object.entries(one)
    .filter(([name, value]) => all.some((other) => other[name] !== value))
    .map(([name, value]) => `${name} ${value === '' ? 'none' : value}`)
    .join(', ');
}
