/** What the record of a positive control says of the harm that was done to users on purpose. */
import { z } from 'zod';

/** `fault.type` of a positive control: it plants no fault of the procedure. */
export const POSITIVE_CONTROL_TYPE = 5;

/** A disturbance: what was asked for, and what the ingress interceptor counted in the horizon. */
export const DisturbanceRecord = z.object({
  kind: z.enum(['latency', 'errors', 'outage']),
  /** Of `latency` how many times as long answers take, of `errors` the share of requests, of `outage` the seconds. */
  size: z.number(),
  /** When the interceptor was told; null where it could not be. */
  atMs: z.number().nullable(),
  forS: z.number(),
  /** Null where the interceptor's counts could not be read. */
  counted: z
    .object({
      /** Requests that arrived, and those of them that were refused. */
      arrived: z.number().int(),
      refused: z.number().int(),
      /** The longest time from one refusal to another between which no request was let through. */
      longestRefusalMs: z.number(),
      answered: z.number().int(),
      /** Answers that were withheld, how long the system took for all of them, and how long they were withheld. */
      withheld: z.number().int(),
      tookMs: z.number(),
      withheldMs: z.number(),
    })
    .nullable(),
});
export type DisturbanceRecord = z.infer<typeof DisturbanceRecord>;
