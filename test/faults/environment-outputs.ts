/** What the observations of faults of broken environments give on a system that has the fault, and on one that has not. */
import type { Reading } from '../../harness/contract/observation.ts';

/** A reading's result; by the observation's id where places differ. */
export type Sample = Reading['result'] | ((stepId: string) => Reading['result']);

const taken = (exitCode: number, stdout = '', stderr = '') => ({
  taken: true as const,
  exitCode,
  stdout,
  stderr,
});

const df = (used: number) =>
  `Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 32768 ${used * 327} 0 ${used}% /var/log/x\n`;
const dd = (seconds: string) =>
  `32+0 records in\n32+0 records out\n2097152 bytes (2.1 MB, 2.0 MiB) copied, ${seconds} s, 1 MB/s\n`;

/** By fault. */
export const ENVIRONMENT_OUTPUTS = {
  'module-defective': {
    present: taken(
      0,
      'Cannot load /usr/local/lib/mod_proxy.so into server: /usr/local/lib/mod_proxy.so: file too short\n',
    ),
    absent: taken(1),
  },
  'node-addon-abi': {
    present: taken(
      0,
      'The module was compiled against a different version, using NODE_MODULE_VERSION 108.\n',
    ),
    absent: taken(1),
  },
  'app-port': { present: taken(0, '/usr/bin/perl\n'), absent: taken(1) },
  'disk-full': { present: taken(0, df(100)), absent: taken(0, df(3)) },
  'disk-slow': { present: taken(0, dd('0.524')), absent: taken(0, dd('2.1e-03')) },
  'entropy-blocked': { present: taken(0, 'reading /run/x timed out\n'), absent: taken(1) },
  'address-stale': {
    present: taken(0, 'app1 is at 10.0.0.3 and looked for at 10.0.0.250\n'),
    absent: taken(1),
  },
  'dns-cached': { present: taken(0, '10.0.0.27\n'), absent: taken(1) },
  'certificate-old': {
    present: taken(
      0,
      'notAfter=Nov 22 18:00:00 2026 GMT\nCertificate will expire\nHostname a.test does match certificate\n',
    ),
    absent: taken(
      0,
      'notAfter=Dec 23 18:00:00 2026 GMT\nCertificate will not expire\nHostname a.test does match certificate\n',
    ),
  },
  'buffer-cold': { present: taken(0, 'percent\n7\n'), absent: taken(0, 'percent\n88\n') },
  'protocol-mismatch': {
    present: (stepId: string) => (stepId.includes('/speaks-') ? taken(0, 'send-proxy\n') : taken(1)),
    absent: taken(1),
  },
  'path-missing': { present: taken(0, '/srv/x is not there\n'), absent: taken(1) },
  'files-unreadable': { present: taken(0, '-rw------- root:root /srv/x/index.html\n'), absent: taken(1) },
  'files-exposed': { present: taken(0, '200'), absent: taken(0, '404') },
  'volume-unavailable': { present: taken(0, '/srv/x is not mounted\n'), absent: taken(1) },
  'replica-not-replaced': {
    present: taken(0, 'it follows nobody\n'),
    absent: taken(1),
  },
  'firewall-left': {
    present: (stepId: string) =>
      stepId.includes('/asked/')
        ? taken(0, 'Connection timed out\n')
        : taken(0, 'iifname != "lo" tcp dport 8081 counter packets 4 bytes 240 drop\n'),
    absent: (stepId: string) => (stepId.includes('/asked/') ? taken(0, 'open\n') : taken(1)),
  },
} satisfies Record<string, { readonly present: Sample; readonly absent: Sample }>;
