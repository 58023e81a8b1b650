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

/**
 * The rows of many plans, each kept once: trials with the same approach and fault have nearly all of theirs in common, and a
 * thousand plans are most of what a campaign's records would take in memory.
 */
export class SharedRows {
  readonly #rows = new Map<string, PlanRow>();

  /** The same plan, of rows that others may hold as well. */
  plan(rows: readonly PlanRow[]): PlanRow[] {
    return rows.map((row) => {
      const key = Object.values(row).join('\0');
      const known = this.#rows.get(key);
      if (known !== undefined) return known;
      this.#rows.set(key, row);
      return row;
    });
  }
}
