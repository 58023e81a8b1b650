import type { Fault } from '../harness/contract/fault.ts';
import type { Judge } from './evidence.ts';
import { firstLine } from './evidence.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'config-samename';
const ROUTE = /\broute=(\S+)/g;

/**
 * Two application hosts that go by one name in the web server's list. The mistake about application hosts is made on web hosts: that
 * list alone is where requests are routed by. An application host's configuration has a name of its own too, which only stands in a
 * header of its answers.
 */
export const configSamename: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'Each application host has a name in the web server’s list, by which clients that have been to a host are sent to it again. The operator copies the first host’s line for the others and changes the address, not the name.',
  confirmedBy: 'The running web server, asked for its balancer’s members, gives two of them the same name.',
  edit: (context) =>
    misconfigured(context, {
      fault: name,
      path: context.facts.files.members,
      hosts: context.targets('web'),
      wrong: (content) => {
        const first = content.matchAll(ROUTE).next().value?.[1];
        return content.replaceAll(ROUTE, `route=${first}`);
      },
      note: 'every application host has the first one’s route name',
      look: () => ({ read: 'command', argv: context.facts.memberRoutes }),
      otherwise: 'no step of the procedure names the application hosts to a web host',
    }),
  confirm: (readings) => misconfiguredEvidence(readings, sharedName),
};

/** Lines `ADDRESS NAME`. */
const sharedName: Judge = ({ exitCode, stdout, stderr }) => {
  const members = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length === 2);
  if (exitCode !== 0 || members.length < 2)
    return {
      says: 'unreadable',
      words: `exit code ${exitCode}, ${members.length} members: ${firstLine(stderr)}`,
    };
  const names = members.map(([, route]) => route);
  const twice = names.find((route, at) => names.indexOf(route) !== at);
  if (twice === undefined) return { says: 'nothing' };
  const count = names.filter((route) => route === twice).length;
  return { says: 'in-effect', words: `${count} of ${names.length} members are named ${twice}` };
};
