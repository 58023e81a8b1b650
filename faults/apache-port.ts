import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { listenerScript } from './listener.ts';

const name = 'apache-port';

/** Another process holds the port that the web server needs. */
export const apachePort: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Listening-port conflicts',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'Before the upgraded web server is started, the operator starts another program on the same machine that listens on its port.',
  confirmedBy: 'The listening socket on the web server’s port belongs to another program.',
  newOnly: 'the web server that serves holds its port already',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = targets('web').filter((host) => steps.some((step) => startsWebServer(step, host)));
    if (hosts.length === 0) return { applies: false, reason: 'the procedure starts no web server' };
    const server = facts.services.web.executable.split('/').at(-1);
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>((list, host) => {
        const start = list.find((step) => startsWebServer(step, host));
        const spurious: Step = {
          kind: 'exec',
          id: `${host}/start-other-listener`,
          title: `Start another program that listens on port ${facts.webPort} of ${host}`,
          universe: start?.universe ?? 'old',
          host,
          argv: ['sh', '-c', listenerScript(facts.webPort)],
        };
        return insertBefore(
          name,
          list,
          (step) => step === start,
          [spurious],
          `port ${facts.webPort} is taken before the web server starts`,
        );
      }, steps),
      observe: hosts.map((host) => ({
        after: 'end' as const,
        step: observe(`owner-${host}`, host, {
          read: 'command',
          argv: [
            'sh',
            '-c',
            `ss -Htlnp 'sport = :${facts.webPort}' | grep -v '"${server}"' | grep -o 'users:.*'`,
          ],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      if (exitCode === 0) return { says: 'in-effect', words: `the port belongs to ${firstLine(stdout)}` };
      return stderr === '' ? { says: 'nothing' } : { says: 'unreadable', words: firstLine(stderr) };
    }),
};

function startsWebServer(step: Step, host: string): step is ServiceStep {
  return step.kind === 'service' && step.action === 'start' && step.host === host;
}
