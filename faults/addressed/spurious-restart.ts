import type { EditContext, Fault } from '../../harness/contract/fault.ts';
import type { ExecStep, ServiceStep, Step, StepId } from '../../harness/contract/step.ts';
import type { Tier } from '../../harness/contract/topology.ts';
import { insertBefore } from '../edits.ts';
import { evidenceFrom, firstLine } from '../evidence.ts';
import { starts } from '../host-steps.ts';
import { endProgram, lookForProgram, programIn } from '../processes.ts';
import { unaddressable } from './addressable.ts';
import { traits } from './traits.ts';

/** Restarts the service of a step's host right before the step. */
export function spuriousRestart(name: string, id: StepId): Fault {
  const stop = `restart-before/${id}`;
  return {
    ...traits,
    name,
    violation: 'spurious',
    summary: `Right before step ${id}, the operator restarts the service of the host that the step acts on.`,
    confirmedBy: 'Right after the step, the oldest process of the service is younger than the restart.',
    edit: ({ steps, former, facts, hosts, observe }) => {
      const reason = unaddressable(id, steps);
      if (reason !== '') return { applies: false, reason };
      const step = steps.find((one) => one.id === id);
      const host = step !== undefined && 'host' in step ? step.host : '';
      const tier = (['lb', 'web', 'app', 'db'] as const).find((one: Tier) => hosts(one).includes(host));
      if (step === undefined || tier === undefined)
        return {
          applies: false,
          reason: `step ${id} acts on no host with a service that could be restarted`,
        };
      if (turns(step, host) !== undefined)
        return { applies: false, reason: `step ${id} itself starts, stops or replaces the service` };
      const start = runningStart(steps, former, step, host);
      if (start === undefined)
        return { applies: false, reason: `when step ${id} is reached, no service runs on ${host}` };
      const { name: service, executable } = facts.services[tier];
      const { universe, lane } = step;
      const about = { universe, host, ...(lane === undefined ? {} : { lane }) };
      const restart: Step[] = [
        {
          ...about,
          ...{ kind: 'exec', id: stop, title: `Stop ${service} on ${host} for a restart` },
          argv: endProgram(executable),
        } satisfies ExecStep,
        {
          ...{ ...start, ...about },
          ...{ id: `${stop}/start`, title: `Start ${service} on ${host} again` },
        },
      ];
      return {
        applies: true,
        steps: insertBefore(name, steps, (one) => one === step, restart, 'restarted without need'),
        observe: [
          { after: id, step: observe(`process-${host}`, host, lookForProgram(executable), universe) },
        ],
      };
    },
    confirm: (readings, timeline) => {
      const restarted = timeline.find(({ stepId }) => stepId === stop);
      // One observation, so one reading, or none where the upgrade ended before.
      const atMs = readings[0]?.atMs ?? 0;
      return evidenceFrom(readings, ({ stdout, stderr }) => {
        const program = programIn(stdout);
        if (program === undefined) return { says: 'unreadable', words: firstLine(stderr || stdout) };
        if (restarted === undefined || program.startedS === undefined) return { says: 'nothing' };
        const startedMs = atMs - (program.readS - program.startedS) * 1000;
        return startedMs >= restarted.startMs
          ? {
              says: 'in-effect',
              words: `the service was started ${((atMs - startedMs) / 1000).toFixed(1)} s ago`,
            }
          : { says: 'nothing' };
      });
    },
  };
}

/** What a step does to the service of a host: it runs afterwards, or does not; undefined where it is as before. */
function turns(step: Step, host: string): boolean | undefined {
  if (!('host' in step) || step.host !== host) return undefined;
  if (step.kind === 'install') return false;
  if (step.kind === 'service' && step.action !== 'reload') return step.action === 'start';
  return undefined;
}

/** The step by which the service that runs when `reached` is reached was started; undefined where none runs then. */
function runningStart(
  steps: EditContext['steps'],
  former: EditContext['former'],
  reached: Step,
  host: string,
): ServiceStep | undefined {
  const before = steps
    .slice(0, steps.indexOf(reached))
    .filter(({ universe }) => universe === reached.universe);
  const last = before.findLast((step) => turns(step, host) !== undefined);
  if (last !== undefined) return starts(host)(last) ? last : undefined;
  return reached.universe === 'old' ? former.find(starts(host)) : undefined;
}
