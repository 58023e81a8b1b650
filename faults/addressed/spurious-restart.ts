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
  const startAgain = `${stop}/start`;
  return {
    ...traits,
    name,
    violation: 'spurious',
    summary: `Right before step ${id}, the operator restarts the service of the host that the step acts on.`,
    confirmedBy:
      'Right after the step, or at the end where the step failed, the oldest process of the service is younger than the restart.',
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
          ...{ id: startAgain, title: `Start ${service} on ${host} again` },
        },
      ];
      return {
        applies: true,
        steps: insertBefore(name, steps, (one) => one === step, restart, 'restarted without need'),
        // The step may fail over the restart, and then nothing is taken after it.
        observe: ([id, 'end'] as const).map((after) => ({
          after,
          step: observe(
            `${after === 'end' ? 'end' : 'process'}-${host}`,
            host,
            lookForProgram(executable),
            universe,
          ),
        })),
      };
    },
    confirm: (readings, timeline) => {
      const done = timeline.filter(({ outcome }) => outcome === 'done');
      const stopped = done.find(({ stepId }) => stepId === stop);
      const isRestarted = stopped !== undefined && done.some(({ stepId }) => stepId === startAgain);
      // Of two readings the first is nearer to the restart; the later one is needed where that is not there.
      const [reading] = readings.filter(({ result }) => result.taken);
      return evidenceFrom(reading === undefined ? readings : [reading], ({ stdout, stderr }) => {
        const program = programIn(stdout);
        if (program === undefined) return { says: 'unreadable', words: firstLine(stderr || stdout) };
        if (!isRestarted || reading === undefined || program.startedS === undefined)
          return { says: 'nothing' };
        const agoS = program.readS - program.startedS;
        return reading.atMs - agoS * 1000 >= stopped.startMs
          ? { says: 'in-effect', words: `the service was started ${agoS.toFixed(1)} s ago` }
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
