/** What the observations of data-access faults give on a system that has the fault, and on one that has not. */
import type { Reading } from '../../harness/contract/observation.ts';

/** A reading that was taken. */
export const taken = (exitCode: number, stdout = '', stderr = ''): Reading['result'] => ({
  taken: true,
  exitCode,
  stdout,
  stderr,
});

/** By fault. A statement without rows prints nothing at all. */
export const DATA_ACCESS_OUTPUTS = {
  'grants-excessive': { present: taken(0, "GRANTEE\teverywhere\n'app2'@'%'\t37\n"), absent: taken(0) },
  'account-missing': { present: taken(0, 'missing\napp2\n'), absent: taken(0) },
  'db-schema': { present: taken(0, 'missing\nitems.price BIGINT\n'), absent: taken(0) },
  'migration-omitted': { present: taken(0, 'missing\nbids.price BIGINT\n'), absent: taken(0) },
  'conversion-partial': { present: taken(0, 'from_id\tto_id\tfound\n1\t1000\t0\n'), absent: taken(0) },
  'conversion-lossy': { present: taken(0, 'sampled\twith_cents\n1000\t0\n'), absent: taken(0) },
  'collation-changed': {
    present: taken(0, 'TABLE_NAME\tCOLUMN_NAME\tCOLLATION_NAME\nusers\tnickname\tutf8mb4_bin\n'),
    absent: taken(0),
  },
  'foreign-key-dropped': { present: taken(0, 'missing\nusers_region\n'), absent: taken(0) },
  'db-wrong-host': { present: taken(0, '0 0 10.0.0.2:40000 10.0.0.9:3306\n'), absent: taken(1) },
  'grants-after-start': {
    present: taken(0, 'powerless\tdenied\napp2@%\t4\n'),
    absent: taken(0, 'powerless\tdenied\nNULL\t4\n'),
  },
  'db-shutdown': { present: taken(0, 'no process runs /usr/sbin/mariadbd\n'), absent: taken(1) },
  // Of other types, but edits of the same kind.
  'ingress-crashed': { present: taken(0, 'process 9 is gone\n'), absent: taken(1) },
  'shared-disk-full': { present: taken(0, '0 kB left of /srv/storage\n'), absent: taken(1) },
} satisfies Readonly<
  Record<string, { readonly present: Reading['result']; readonly absent: Reading['result'] }>
>;
