import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { installedIn, installs } from './host-steps.ts';
import { endProgram, lookForProgram, programIn } from './processes.ts';
import { beginningOf } from './stretches.ts';

const name = 'wrong-shutdown';

/** While a web host is upgraded, a healthy host of another tier is shut down. */
export const wrongShutdown: Fault = {
  name,
  type: 1,
  violation: 'spurious',
  dependency: 'Replication degree',
  provenance: 'slides+paper-unverified',
  tiers: ['db', 'app'],
  summary:
    'About to install a web host, the operator shuts down a healthy host of another tier as well: the application’s, or a replica of the database.',
  confirmedBy:
    'Right after the web host was installed, no process of the other tier’s service runs on that host.',
  edit: ({ steps, facts, random, reach, targets, hosts, observe }) => {
    const tier = random.pick(['app', 'db'] as const);
    // The database's first host is the primary, whose shutdown is a fault of its own.
    const replicas = hosts('db').slice(1);
    const victims = tier === 'app' ? targets('app') : reach === 'all' ? replicas : replicas.slice(-1);
    const web = targets('web')[0] ?? '';
    const install = steps.find(installs(web));
    if (install === undefined) return { applies: false, reason: 'the procedure installs no web host' };
    const beginning = beginningOf(steps, install);
    const { name: service, executable } = facts.services[tier];
    const shutdowns = victims.map(
      (host): Step => ({
        kind: 'exec',
        id: `${host}/shut-down-${service}`,
        title: `Shut ${service} down on ${host}`,
        universe: installedIn(steps),
        host,
        argv: endProgram(executable),
      }),
    );
    return {
      applies: true,
      steps: insertBefore(
        name,
        steps,
        (step) => step === beginning,
        shutdowns,
        'a healthy host is shut down',
      ),
      observe: victims.map((host) => ({
        after: install.id,
        step: observe(`process-${host}`, host, lookForProgram(executable)),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ stdout, stderr }) => {
      const program = programIn(stdout);
      if (program === undefined) return { says: 'unreadable', words: firstLine(stderr || stdout) };
      return program.startedS === undefined
        ? { says: 'in-effect', words: 'the service of a host that was to serve is gone' }
        : { says: 'nothing' };
    }),
};
