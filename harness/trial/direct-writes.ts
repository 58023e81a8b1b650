/** Writes of clients that a fault lets in beside the measured ones: what was acknowledged to them is settled as well. */
import type { Plan } from '../contract/plan.ts';
import type { WorkloadWrite } from '../contract/workload.ts';
import { flatten } from '../plan/rows.ts';
import type { System } from './system.ts';

/** Time that a client has to end after its last write, in seconds. */
const END_WITHIN_S = 1;
const READ_LIMIT_MS = 5_000;

/** Ends these clients and reads their notes; none where none was started. Throws when notes cannot be read. */
export async function directWrites(plan: Plan, system: System): Promise<WorkloadWrite[]> {
  const writes: WorkloadWrite[] = [];
  for (const step of flatten(plan.upgrade)) {
    if (step.kind !== 'service' || step.notes === undefined) continue;
    const script = `[ -e "$1" ] || exit 0; : >"$1.end"; sleep ${END_WITHIN_S}; cat "$1"`;
    const argv = ['sh', '-c', script, 'read', step.notes];
    const { exitCode, stdout, stderr } = await system.hosts.exec(step.universe, step.host, argv, {
      timeoutMs: READ_LIMIT_MS,
    });
    if (exitCode !== 0)
      throw new Error(`read the writes noted on ${step.host}: exit code ${exitCode} (${stderr.trim()})`);
    writes.push(...writesOf(stdout));
  }
  return writes;
}

/** Writes from notes; a last line that is not complete was not noted. */
export function writesOf(notes: string): WorkloadWrite[] {
  const complete = notes.slice(0, notes.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WorkloadWrite);
}
