import type { Fault } from '../harness/contract/fault.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';

const name = 'certificate-old';
const PLACEHOLDER = /@@pem:([\w-]+)\.(crt|key)@@/g;

/** A server shows a certificate that has expired, or one for another name, which clients verify. */
export const certificateOld: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Cached data: SSL certificates',
  provenance: 'slides',
  tiers: ['lb', 'web'],
  summary:
    'The operator does not put a host’s own renewed certificate onto it but leaves it the one that lies with the installation files: one that has expired, or one for the name by which hosts of the other tier are known. What is omitted is the renewal; as a server has to have some certificate, the plan shows it as another one written in place of the new.',
  confirmedBy: 'The certificate that the host serves is past its end, or is not for the host’s name.',
  newOnly: 'a server that runs goes on with the certificate that it has read',
  edit: ({ steps, facts, random, targets, hosts, observe }) => {
    const tier = random.pick(['lb', 'web'] as const);
    const met = targets(tier).filter((host) => certificatesOf([host], steps, facts).length > 0);
    const [other] = certificatesOf(hosts(tier === 'lb' ? 'web' : 'lb'), steps, facts);
    const isExpired = random.pick([true, false]) || other === undefined;
    if (met.length === 0) return { applies: false, reason: 'the procedure renews no certificate' };
    const wrong = (content: string) =>
      withOther(content, facts, (current) => (isExpired ? facts.expiredCertificate(current) : other));
    const isCertificate = (step: Step): step is WriteStep =>
      step.kind === 'write' && met.includes(step.host) && wrong(step.content) !== step.content;
    const port = tier === 'lb' ? facts.entryPort : facts.webPort;
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isCertificate,
        (step) => ({ ...step, content: wrong(step.content) }),
        isExpired ? 'the certificate is not renewed' : `the certificate is the one of ${other}`,
      ),
      observe: met.map((host) => ({
        after: 'end' as const,
        step: observe(`served-${host}`, host, {
          read: 'command',
          argv: [
            ...['sh', '-c', SERVED, 'served', `127.0.0.1:${port}`],
            tier === 'lb' ? facts.siteName : `${host}.${facts.siteName}`,
          ],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ stdout, stderr }) => {
      const isCurrent = /will not expire/.test(stdout);
      const isOwn = /does match/.test(stdout);
      if (/will expire/.test(stdout))
        return { says: 'in-effect', words: `the certificate served is past its end (${firstLine(stdout)})` };
      const stranger = /^.*does NOT match.*$/m.exec(stdout)?.[0];
      if (isCurrent && stranger !== undefined)
        return { says: 'in-effect', words: `the certificate served is another’s (${stranger})` };
      return isCurrent && isOwn
        ? { says: 'nothing' }
        : { says: 'unreadable', words: firstLine(stderr || stdout) || 'no certificate was served' };
    }),
};

/** Names of the certificates that are renewed on these hosts, in the order of the steps. */
function certificatesOf(hosts: readonly HostName[], steps: readonly Step[], facts: Facts): string[] {
  const written = steps.flatMap((step) =>
    step.kind === 'write' && hosts.includes(step.host) ? [...step.content.matchAll(PLACEHOLDER)] : [],
  );
  return written.flatMap(([, current = '']) => (isRenewed(current, facts) ? [current] : []));
}

/** The same text with other certificates and keys; an authority's, which none has taken the place of, stays. */
function withOther(content: string, facts: Facts, other: (current: string) => string): string {
  return content.replaceAll(PLACEHOLDER, (all, current: string, kind: string) =>
    isRenewed(current, facts) ? `@@pem:${other(current)}.${kind}@@` : all,
  );
}

function isRenewed(current: string, { expiredCertificate }: Facts): boolean {
  return expiredCertificate(current) !== current;
}

/** The end of the certificate served, whether that is over, and whether it is for the name: one call tells only one of both. */
const SERVED =
  'pem=$(timeout 3 openssl s_client -connect "$1" </dev/null 2>/dev/null | openssl x509) || exit 2; echo "$pem" | openssl x509 -noout -enddate -checkend 0; echo "$pem" | openssl x509 -noout -checkhost "$2"';
