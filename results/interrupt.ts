/** What the record of a trial says of kills of the upgrade's own processes. */
import { z } from 'zod';

/** A kill of one of the upgrade's own processes. */
export const InterruptRecord = z.object({
  /** Such as `driver@switch/hold+0.02`. */
  asked: z.string(),
  atMs: z.number(),
  /** Processes that were killed; 0 where there was none to kill, or it never came to it. */
  killed: z.number().int(),
  /** Step that was being done; empty between steps. */
  during: z.string(),
  /** Why nothing was killed; empty otherwise. */
  note: z.string(),
});
export type InterruptRecord = z.infer<typeof InterruptRecord>;
