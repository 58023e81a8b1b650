import type { Fault } from '../harness/contract/fault.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';

const name = 'certificate-old';
const PLACEHOLDER = /@@pem:([\w-]+)\.(crt|key)@@/g;

/** A server shows a certificate that has expired. */
export const certificateOld: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Cached data: SSL certificates',
  provenance: 'slides',
  tiers: ['lb', 'web'],
  summary:
    'The operator does not put the renewed certificate onto a host but leaves it the one that lies with the installation files, which has expired. What is omitted is the renewal; as a server has to have some certificate, the plan shows it as the old one written in place of the new.',
  confirmedBy: 'The certificate that the host serves is past its end.',
  newOnly: 'a server that runs goes on with the certificate that it has read',
  edit: ({ steps, facts, random, targets, observe }) => {
    const tier = random.pick(['lb', 'web'] as const);
    const hosts = targets(tier);
    const isCertificate = (step: Step): step is WriteStep =>
      step.kind === 'write' && hosts.includes(step.host) && withExpired(step.content, facts) !== step.content;
    const met = [...new Set(steps.filter(isCertificate).map(({ host }) => host))];
    if (met.length === 0) return { applies: false, reason: 'the procedure renews no certificate' };
    const port = tier === 'lb' ? facts.entryPort : facts.webPort;
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isCertificate,
        (step) => ({ ...step, content: withExpired(step.content, facts) }),
        'the certificate is not renewed',
      ),
      observe: met.map((host) => ({
        after: 'end' as const,
        step: observe(`served-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', SERVED, 'served', `127.0.0.1:${port}`],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ stdout, stderr }) => {
      if (/will not expire/.test(stdout)) return { says: 'nothing' };
      if (/will expire/.test(stdout))
        return { says: 'in-effect', words: `the certificate served is past its end (${firstLine(stdout)})` };
      return { says: 'unreadable', words: firstLine(stderr || stdout) || 'no certificate was served' };
    }),
};

function withExpired(content: string, { expiredCertificate }: Facts): string {
  return content.replaceAll(
    PLACEHOLDER,
    (_all, current: string, kind: string) => `@@pem:${expiredCertificate(current)}.${kind}@@`,
  );
}

const SERVED =
  'timeout 3 openssl s_client -connect "$1" </dev/null 2>/dev/null | openssl x509 -noout -enddate -checkend 0';
