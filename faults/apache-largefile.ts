import type { Fault } from '../harness/contract/fault.ts';
import { answeredWith, statusOfForm } from './asked-on-host.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'apache-largefile';
/** Room for an ordinary form, in bytes; the largest one that clients may send has several times as many. */
const LIMIT_BYTES = 4096;
const END_OF_SITE = /^[ \t]*<\/VirtualHost>/m;
/** The server's own LimitRequestBody does not apply to what it passes on, so that operators compare the length. */
const RULE = `    <If "-n req('Content-Length') && req('Content-Length') -gt ${LIMIT_BYTES}">
        Redirect 413
    </If>
`;

/** A limit on the size of what clients send that only the larger forms exceed. */
export const apacheLargefile: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary: `Hardening the new site configuration, the operator limits what clients may send to ${LIMIT_BYTES} bytes, measured by ordinary forms. The site takes far larger ones.`,
  confirmedBy: 'Asked on the web host itself, a form larger than the limit is refused as too large (413).',
  edit: (context) => {
    const { files, neededPath, webPort } = context.facts;
    return misconfigured(context, {
      fault: name,
      path: files.site,
      hosts: context.targets('web'),
      wrong: (content) => content.replace(END_OF_SITE, (end) => `${RULE}${end}`),
      note: `forms of more than ${LIMIT_BYTES} bytes are refused`,
      // The page takes no form: a server without the limit answers that there is no such page, whatever the size.
      look: () => statusOfForm(`https://127.0.0.1:${webPort}${neededPath.url}`, 2 * LIMIT_BYTES),
      otherwise: 'no step of the procedure writes a web server’s site',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, answeredWith('413', 'a large form')),
};
