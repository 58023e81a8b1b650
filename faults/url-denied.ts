import type { Fault } from '../harness/contract/fault.ts';
import { answeredWith, statusOf } from './asked-on-host.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'url-denied';
const END_OF_SITE = /^[ \t]*<\/VirtualHost>/m;
const ruleFor = (path: string) => `    <Location "${path}">
        Require all denied
    </Location>
`;

/** A rule that denies everybody a path that clients need. */
export const urlDenied: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Access privileges: URLs (insufficient)',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'To protect a page of the same prefix, the operator adds a rule to the new site configuration that denies access. The prefix is also that of a page that every client needs.',
  confirmedBy: 'Asked on the web host itself, a page that clients need answers 403.',
  edit: (context) => {
    const { files, neededPath, webPort } = context.facts;
    const [path = ''] = neededPath.url.split('?');
    return misconfigured(context, {
      fault: name,
      path: files.site,
      hosts: context.targets('web'),
      wrong: (content) => content.replace(END_OF_SITE, (end) => `${ruleFor(path)}${end}`),
      note: `access to ${path} is denied`,
      look: () => statusOf(`https://127.0.0.1:${webPort}${neededPath.url}`),
      otherwise: 'no step of the procedure writes a site’s access rules',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, answeredWith('403', 'a page that clients need')),
};
