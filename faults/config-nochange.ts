import type { Fault } from '../harness/contract/fault.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'config-nochange';

/** A web host whose configuration is never brought up to date when the application moves to another port. */
export const configNochange: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Service location: network address',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'The application hosts of the new release listen on another port. The operator does not change the configuration of a web host, which goes on sending requests to the old port.',
  confirmedBy:
    'When its list of application hosts should have been replaced for the last time, the web host still names the old port in it.',
  edit: ({ steps, facts, targets, observe }) => {
    const files = [facts.files.members, facts.files.site];
    const hosts = targets('web');
    const isKept = (step: Step): step is WriteStep =>
      step.kind === 'write' && files.includes(step.path) && hosts.includes(step.host);
    const lists = steps.filter(isKept).filter((step) => step.path === facts.files.members);
    if (lists.length === 0)
      return {
        applies: false,
        reason: 'no step of the procedure writes a web host’s list of application hosts',
      };
    const lastOfHost = new Map(lists.map((step) => [step.host, step.id]));
    return {
      applies: true,
      steps: omit(name, steps, isKept, 'the web host keeps its old configuration'),
      observe: [...lastOfHost].map(([host, after]) => ({
        after,
        step: observe(`members-${host}`, host, {
          read: 'command',
          argv: ['grep', '-nE', `:${facts.appPort.old}\\b`, facts.files.members],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the old port is still configured')),
};
