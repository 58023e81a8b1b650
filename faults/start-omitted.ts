import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { lookForProgram, programIn } from './processes.ts';

const name = 'start-omitted';

/** A host is upgraded, and its service is not started again. */
export const startOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Client access',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary: 'The operator installs and configures the new release on a host and does not start its service.',
  confirmedBy: 'Right after the service should have been started, no process of it runs on the host.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const tier = random.pick(['web', 'app'] as const);
    const hosts = targets(tier);
    const isStart = (step: Step): step is ServiceStep =>
      step.kind === 'service' && step.action === 'start' && hosts.includes(step.host);
    const starting = steps.filter(isStart);
    if (starting.length === 0)
      return { applies: false, reason: 'the procedure starts no web server and no application' };
    return {
      applies: true,
      steps: omit(name, steps, isStart, 'the service is not started'),
      observe: starting.map(({ id, host }) => ({
        after: id,
        step: observe(`process-${host}`, host, lookForProgram(facts.services[tier].executable)),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ stdout, stderr }) => {
      const program = programIn(stdout);
      if (program === undefined) return { says: 'unreadable', words: firstLine(stderr || stdout) };
      return program.startedS === undefined
        ? { says: 'in-effect', words: 'no process of the service runs' }
        : { says: 'nothing' };
    }),
};
