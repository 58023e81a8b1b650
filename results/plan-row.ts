/** What the record of a trial says of its plan. */
import { z } from 'zod';

/** One row of a plan as people read it. `edit` is empty where no fault touched the step. */
export const PlanRow = z.object({
  number: z.number().int(),
  stepId: z.string(),
  kind: z.string(),
  universe: z.string(),
  host: z.string(),
  title: z.string(),
  edit: z.string(),
  /** The gate that the step is, such as `health`; empty for a step that tests nothing. Absent in records made before it was kept. */
  gate: z.string().optional(),
});
export type PlanRow = z.infer<typeof PlanRow>;
