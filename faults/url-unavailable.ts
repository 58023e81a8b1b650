import type { Fault } from '../harness/contract/fault.ts';
import { answeredWith, statusOf } from './asked-on-host.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'url-unavailable';

/** A path that clients need and that the web server maps to nothing. */
export const urlUnavailable: Fault = {
  name,
  type: 2,
  violation: 'omitted',
  dependency: 'Access privileges: URLs (unavailable)',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The web server’s site maps a path to the application hosts. Writing the new configuration, the operator leaves the line out; health is checked at another path.',
  confirmedBy: 'Asked on the web host itself, a page that clients need answers 404.',
  edit: (context) => {
    const { files, neededPath, webPort } = context.facts;
    const mapping = new RegExp(`^[ \\t]*ProxyPass "?${neededPath.mapped}"? .*\\n`, 'gm');
    return misconfigured(context, {
      fault: name,
      path: files.site,
      hosts: context.targets('web'),
      wrong: (content) => content.replaceAll(mapping, ''),
      note: `${neededPath.mapped} is mapped to nothing`,
      // What has no data yet, in a universe to which they are still copied, would answer 404 as well.
      look: () => statusOf(`https://127.0.0.1:${webPort}${neededPath.withoutData}`),
      otherwise: 'no step of the procedure maps the path to the application hosts',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, answeredWith('404', 'a page that clients need')),
};
