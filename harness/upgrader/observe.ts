/** Observations become readings. */
import type { Observation, Reading } from '../contract/observation.ts';
import type { ObserveStep } from '../contract/step.ts';
import type { ExecResult } from '../provision/shell.ts';

/** Commands by which an observation is read on a Debian host. */
export function commandOf(observation: HostObservation): { argv: readonly string[]; stdin?: string } {
  switch (observation.read) {
    case 'command':
      return { argv: observation.argv };
    case 'sql':
      return { argv: ['mariadb', '--batch', observation.database], stdin: observation.statement };
    default:
      return observation satisfies never;
  }
}

/** What is read on a host of a universe. */
export type HostObservation = Exclude<Observation, { read: 'imago' }>;

/** Takes the reading; a command that could not be run at all is recorded as not taken. */
export async function readingOf(
  step: ObserveStep,
  nowMs: () => number,
  run: () => Promise<ExecResult>,
): Promise<Reading> {
  const about = { stepId: step.id, fault: step.fault, universe: step.universe, host: step.host };
  try {
    const { exitCode, stdout, stderr } = await run();
    // 124 and 137: ended by its time limit; 126 and 127: the command is not there. Nothing was read.
    if ([124, 126, 127, 137].includes(exitCode)) {
      const reason = `${step.observation.read} ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`;
      return { ...about, atMs: nowMs(), result: { taken: false, reason } };
    }
    return { ...about, atMs: nowMs(), result: { taken: true, exitCode, stdout, stderr } };
  } catch (error) {
    return { ...about, atMs: nowMs(), result: { taken: false, reason: (error as Error).message } };
  }
}
