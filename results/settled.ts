/** The record of what was done to a system and looked at once the horizon had passed. */
import { z } from 'zod';

/** One provocation, or the walk before any of them. */
export const ProvocationRecord = z.object({
  name: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  /** The system did what a sound one does, during the provocation and after it. */
  held: z.boolean(),
  /** False where the testbed could not carry it out; then `held` says nothing. */
  carriedOut: z.boolean(),
  reason: z.string(),
  /** From its start to the first failure that was seen; null where it held, and in records made before that was kept. */
  activationMs: z.number().nullable().default(null),
  /** What was unsound before anything was provoked and was sound after this: hosts, `site`. */
  repaired: z.array(z.string()).default([]),
});

/** What one posture probe saw. */
export const ProbeRecord = z.object({
  name: z.string(),
  taken: z.boolean(),
  exposures: z.array(z.string()),
  reason: z.string(),
});
