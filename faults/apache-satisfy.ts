import type { Fault } from '../harness/contract/fault.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine, matched } from './evidence.ts';

const name = 'apache-satisfy';
const RULE = /^(\s*)Require valid-user\s*$/m;

/** The administration area, opened by a directive that its author thinks adds a condition. */
export const apacheSatisfy: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Access privileges: URLs (excessive)',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'Carrying the access rules over to the new configuration, the operator adds the host rule of the old syntax with “Satisfy Any”. Any of the two conditions is now enough, and the host rule lets everybody in.',
  confirmedBy:
    'Asked on the web host itself, the administration area answers 200 without a password. (On a host of the old universe, where nothing makes the server read it yet: the directive is in its configuration.)',
  edit: ({ steps, facts, targets, universe, observe }) => {
    const hosts = targets('web');
    const isSite = (step: Step): step is WriteStep =>
      step.kind === 'write' &&
      step.path === facts.files.site &&
      hosts.includes(step.host) &&
      RULE.test(step.content);
    const sites = steps.filter(isSite);
    if (sites.length === 0)
      return { applies: false, reason: 'no step of the procedure writes an area that asks for a password' };
    // A procedure without health checks has started its servers by its end at the latest.
    const checked = ({ host }: WriteStep) =>
      steps.find((step) => step.kind === 'check' && step.host === host)?.id ?? 'end';
    const page = ['curl', '-sk', '-o', '/dev/null', '-m', '5', '-w', '%{http_code}'];
    const url = `https://127.0.0.1:${facts.webPort}${facts.adminPath}`;
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isSite,
        (step) => ({
          ...step,
          content: step.content.replace(RULE, '$&\n$1Order allow,deny\n$1Allow from all\n$1Satisfy Any'),
        }),
        `“Satisfy Any” beside the password for ${facts.adminPath}`,
      ),
      observe: sites.map((step) =>
        step.universe === universe
          ? {
              after: checked(step),
              step: observe(`admin-${step.host}`, step.host, { read: 'command', argv: [...page, url] }),
            }
          : {
              after: step.id,
              step: observe(`file-${step.host}`, step.host, {
                read: 'command',
                argv: ['grep', '-n', '^[[:space:]]*Satisfy Any', facts.files.site],
              }),
            },
      ),
    };
  },
  confirm: (readings) => {
    const files = readings.filter(({ stepId }) => stepId.includes('/file-'));
    if (files.length > 0) return evidenceFrom(files, matched('the next start opens the administration area'));
    return evidenceFrom(readings, ({ exitCode, stdout }) => {
      const status = firstLine(stdout);
      if (exitCode !== 0 || !/^[1-5]\d\d$/.test(status))
        return { says: 'unreadable', words: `no answer (curl ended with ${exitCode})` };
      return status === '200'
        ? { says: 'in-effect', words: 'the administration area answers 200 without a password' }
        : { says: 'nothing' };
    });
  },
};
