/** What the record of a trial says of a parallel universe: what was done with it, and what it took. */
import { z } from 'zod';

/** One quiescence: how long requests waited at the ingress, and how many at once. */
export const QuiescenceRecord = z.object({
  phase: z.string(),
  lastedMs: z.number(),
  peakWaiting: z.number(),
  /** `released`, or the limit that ended it. */
  ended: z.string(),
});

/** What Imago did; null under approaches without a parallel universe. */
export const ImagoRecord = z.object({
  quiescences: z.array(QuiescenceRecord),
  transferredRows: z.number().int(),
  /** Requests that the compare engine judged, and those confirmed to differ. */
  compared: z.number().int(),
  mismatched: z.number().int(),
  driverRestarts: z.number().int(),
  /** How U_old differs from before an upgrade that was given up: empty when it was never touched; null where U_new serves. */
  residue: z.array(z.string()).nullable().default(null),
  /** Universe to which the ingress sends clients at the end; `neither` is a broken switch. */
  reach: z.enum(['old', 'new', 'neither']).nullable().default(null),
  /** Whether requests are still held at the end. */
  holding: z.boolean().default(false),
  /** What should have gone and runs still: the driver's machine, and U_new's hosts where U_old serves on. */
  running: z.array(z.string()).default([]),
});
export type ImagoRecord = z.infer<typeof ImagoRecord>;

/**
 * What an upgrade took beyond the system itself: the machines of a parallel universe and its driver, from the first
 * installation to the upgrade's end (retirement, or abort); null under approaches that take none, and where they could not
 * be watched.
 */
export const LeaseRecord = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** Most memory that was in use at once, file cache that could be dropped left out. */
  peakMemoryMb: z.number(),
  /** Sum of the machines' memory limits: what had to be there. */
  memoryLimitMb: z.number(),
  /** Volumes and writable layers at the end of the horizon; null where the universe had been dropped, or nothing was measured. */
  diskMb: z.number().nullable(),
});
export type LeaseRecord = z.infer<typeof LeaseRecord>;
