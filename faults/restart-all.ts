import type { Fault } from '../harness/contract/fault.ts';
import type { Evidence, Reading } from '../harness/contract/observation.ts';
import type { Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine, type Shown } from './evidence.ts';
import { actsOn, checks, starts } from './host-steps.ts';
import { endProgram, lookForProgram, programIn } from './processes.ts';

const name = 'restart-all';
/** Services that were started within this time of each other were down at the same time. */
const AT_ONCE_S = 5;

/** Every application host is restarted at the same time, once all of them were upgraded. */
export const restartAll: Fault = {
  name,
  type: 1,
  violation: 'spurious',
  dependency: 'Client access',
  provenance: 'upfault',
  tiers: ['app'],
  summary:
    'When all application hosts run the new release, the operator restarts their services once more, on all hosts at the same time.',
  confirmedBy:
    'On every application host the service was started again after its upgrade, and all of them within seconds.',
  edit: ({ steps, facts, hosts, observe }) => {
    const all = hosts('app');
    const { name: service, executable } = facts.services.app;
    const again = all.flatMap((host) => {
      const start = steps.find(starts(host));
      const check = steps.find(checks(host)) ?? start;
      return start === undefined || check === undefined ? [] : [{ host, start, check }];
    });
    const last = steps.findLastIndex(actsOn(all));
    const next = steps.slice(last + 1).find((step) => step.lane === undefined);
    if (again.length < all.length || next === undefined)
      return { applies: false, reason: 'the procedure starts no application hosts' };
    const restarts = again.flatMap(({ host, start }): Step[] => {
      const lane = { stretch: name, host };
      return [
        {
          ...{ kind: 'exec', id: `${host}/stop-${service}-again`, title: `Stop ${service} on ${host} again` },
          ...{ universe: start.universe, host, lane, argv: endProgram(executable) },
        },
        { ...start, id: `${host}/start-${service}-again`, title: `Start ${service} on ${host} again`, lane },
      ];
    });
    return {
      applies: true,
      steps: insertBefore(name, steps, (step) => step === next, restarts, 'all hosts of the tier at once'),
      observe: again.flatMap(({ host, check }) => [
        { after: check.id, step: observe(`before-${host}`, host, lookForProgram(executable)) },
        { after: next.id, step: observe(`after-${host}`, host, lookForProgram(executable)) },
      ]),
    };
  },
  confirm: (readings) => {
    const times = new Map<HostName, { before?: number | undefined; after?: number | undefined }>();
    const judged = evidenceFrom(readings, ({ stdout, stderr }): Shown => {
      const program = programIn(stdout);
      return program === undefined
        ? { says: 'unreadable', words: firstLine(stderr || stdout) }
        : { says: 'nothing' };
    });
    if (judged.verdict === 'unreadable') return judged;
    for (const reading of readings) {
      const key = reading.stepId.startsWith(`observe/${name}/before-`) ? 'before' : 'after';
      times.set(reading.host, { ...times.get(reading.host), [key]: startOf(reading) });
    }
    return decided([...times.values()], readings);
  },
};

function startOf({ result }: Reading): number | undefined {
  return result.taken ? programIn(result.stdout)?.startedS : undefined;
}

function decided(
  hosts: readonly { readonly before?: number | undefined; readonly after?: number | undefined }[],
  readings: readonly Reading[],
): Evidence {
  const known = hosts.flatMap(({ before, after }) =>
    before === undefined || after === undefined ? [] : [{ before, after }],
  );
  if (known.length < hosts.length)
    return { verdict: 'unreadable', summary: 'of a host it is not known when its service was started' };
  const starts = known.map(({ after }) => after);
  const apartS = Math.max(...starts) - Math.min(...starts);
  if (known.some(({ before, after }) => after <= before) || apartS > AT_ONCE_S)
    return { verdict: 'not-found', summary: 'not every service was started again after its upgrade' };
  return {
    verdict: 'found',
    summary: `${known.length} services were started again within ${apartS.toFixed(1)} s`,
    stepIds: readings.map(({ stepId }) => stepId),
  };
}
