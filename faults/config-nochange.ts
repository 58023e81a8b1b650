import type { Fault } from '../harness/contract/fault.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { omit, replace } from './edits.ts';
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
    'The application hosts of the new release listen on another port. The operator does not change the configuration of a web host (or carries it over as it was to a new one), which goes on sending requests to the old port.',
  confirmedBy:
    'When its list of application hosts should have been replaced for the last time, the web host still names the old port in it.',
  newOnly: 'there the old configuration is the right one',
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
      steps: replace(
        name,
        omit(
          name,
          steps,
          (step) => isKept(step) && !isFresh(step),
          'the web host keeps its old configuration',
        ),
        (step): step is WriteStep => isKept(step) && isFresh(step),
        (step) => ({ ...step, content: asBefore(step.content, facts) }),
        'the old configuration is carried over to the new web host',
      ),
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

/** On a host of a parallel universe nothing is there to be kept: what is not changed is what is carried over. */
function isFresh(step: WriteStep): boolean {
  return step.universe === 'new';
}

function asBefore(content: string, { appPort, staticPath }: Facts): string {
  return content.replaceAll(`:${appPort.new}`, `:${appPort.old}`).replaceAll(staticPath.new, staticPath.old);
}
