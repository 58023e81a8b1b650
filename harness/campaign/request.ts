/** What a campaign is asked for, as recorded and as checked. */
import { z } from 'zod';
import { APPROACH_NAMES } from '../approaches/catalogue.ts';
import { UsageError } from '../errors.ts';
import { DISTURBANCE_FORM, parseDisturbance, USUAL_DISTURBANCES } from '../plan/disturbances.ts';
import { INTERRUPT_FORM, parseInterrupt } from '../plan/interrupts.ts';

/** A whole number within bounds, with the one sentence that says so. */
function whole(least: number, most?: number) {
  const error = `a whole number from ${least} ${most === undefined ? 'on' : `to ${most}`} is wanted`;
  return z
    .number({ error })
    .int({ error })
    .min(least, { error })
    .max(most ?? Number.MAX_SAFE_INTEGER, { error });
}

/**
 * A number that a command takes besides a request.
 * @param subject command and option, such as `bench: --runs`
 * @throws UsageError unless it is a whole number from `least` to `most`.
 */
export function assertWhole(subject: string, value: number, least: number, most?: number): void {
  const { error } = whole(least, most).safeParse(value);
  if (error !== undefined) throw new UsageError(`${subject} ${value}: ${error.issues[0]?.message}`);
}

const SCALE_FORM = { error: 'a number above 0 and at most 1 is wanted' };

/** The request as it is stored in `campaign.json`, so that a campaign can be resumed from its folder alone. */
export const CampaignRequest = z.object({
  scenario: z.string(),
  approaches: z.array(z.enum(APPROACH_NAMES)),
  /** Names of faults; a composition joins names with `+`. */
  faults: z.array(z.string()),
  /** Trials of each fault under each approach; none: controls look for the faults all the same. */
  reps: whole(0),
  /** Fault-free trials of each approach. */
  controls: whole(0),
  /** Trials of approach `none`; absent: as many as controls. */
  baselines: whole(0).optional(),
  /** Trials of each disturbance under each approach; absent in campaigns begun before there were any. */
  positiveControls: whole(0).default(0),
  disturbances: z
    .array(
      z
        .string()
        .refine((text) => parseDisturbance(text) !== undefined, { error: `allowed are ${DISTURBANCE_FORM}` }),
    )
    .min(1)
    .default(USUAL_DISTURBANCES),
  seed: whole(0),
  windows: z.enum(['quick', 'unhurried', 'standard', 'long']),
  reach: z.enum(['one', 'all']),
  /** Absent in campaigns that were begun before it could be chosen; likewise `gates` and `engine`. */
  target: z.enum(['new', 'old']).default('new'),
  gates: z.enum(['none', 'health', 'same', 'native']).default('native'),
  hardware: z.enum(['separate', 'shared']).default('separate'),
  /** Trials with each of these; where an approach knows but one, with that one. */
  ingress: z
    .array(z.enum(['interceptor', 'direct']))
    .min(1)
    .default(['interceptor']),
  mirroring: z
    .array(z.enum(['on', 'off']))
    .min(1)
    .default(['on']),
  /** Kills of the upgrade's own processes in each trial that upgrades. */
  interrupts: z
    .array(
      z
        .string()
        .refine((text) => parseInterrupt(text) !== undefined, { error: `allowed are ${INTERRUPT_FORM}` }),
    )
    .default([]),
  provocations: z.enum(['quick', 'all', 'none']).default('quick'),
  hosts: whole(2, 4),
  scale: z.number(SCALE_FORM).positive(SCALE_FORM).max(1, SCALE_FORM),
  ratePerSecond: whole(1, 1000),
  schemaPolicy: z.enum(['expand-contract', 'in-place']),
  engine: z.enum(['keep', 'upgrade']).default('keep'),
  onFailure: z.enum(['halt', 'rollback', 'continue']),
  /** Port of 127.0.0.1 on which the ingress is published; 0 lets the engine choose. */
  port: whole(0, 65535),
});
export type CampaignRequest = z.infer<typeof CampaignRequest>;

/** Looks a name up in a catalogue, or says what is allowed. */
export function chosen<T>(
  operation: string,
  kind: string,
  name: string,
  catalogue: Readonly<Record<string, T>>,
): T {
  const found = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (found === undefined) {
    throw new UsageError(
      `${operation}: there is no ${kind} "${name}"; allowed are ${Object.keys(catalogue).join(', ')}`,
    );
  }
  return found;
}
