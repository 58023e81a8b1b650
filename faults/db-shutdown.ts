import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'db-shutdown';

/** The primary database is shut down in the middle of the upgrade, without need. */
export const dbShutdown: Fault = {
  name,
  type: 4,
  violation: 'spurious',
  dependency: 'Replication degree',
  provenance: 'slides+paper-unverified',
  tiers: ['db'],
  summary:
    'When it is the web hosts’ turn, the operator shuts the primary database down, as one would who confuses two sessions. Nothing takes its place.',
  confirmedBy:
    'At the end no process of the database server runs on the primary. (In an old universe that is retired at the end: right after the step that follows.)',
  edit: ({ steps, facts, hosts, universe, observe }) => {
    const [primary] = hosts('db');
    const webs = hosts('web');
    const next = steps.find((step) => step.kind === 'install' && webs.includes(step.host));
    if (next === undefined || primary === undefined)
      return { applies: false, reason: 'the procedure installs no web host, at whose turn it would happen' };
    const { name: service, executable } = facts.services.db;
    const stop: Step = {
      kind: 'service',
      id: `${primary}/shut-down`,
      title: `Stop ${service} on ${primary}`,
      universe: next.universe,
      host: primary,
      service,
      action: 'stop',
      argv: facts.stopDatabase,
    };
    return {
      applies: true,
      steps: insertBefore(name, steps, (step) => step === next, [stop], 'the primary is shut down'),
      observe: [
        {
          // Looked at where no other host has to wait for it; a universe that retires has its database stopped by right.
          after: universe === 'old' && next.universe === 'new' ? next.id : 'end',
          step: observe(
            'process',
            primary,
            {
              read: 'command',
              argv: ['sh', '-c', LOOK, 'look', executable],
            },
            universe,
          ),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the database server does not run')),
};

/** Exit code 0 where no process has this executable, 1 where one has, 2 where processes cannot be looked at. */
const LOOK =
  'seen=$(ls -l /proc/[0-9]*/exe 2>/dev/null); [ -n "$seen" ] || exit 2; echo "$seen" | grep -q -- "-> $1" && exit 1; echo "no process runs $1"';
