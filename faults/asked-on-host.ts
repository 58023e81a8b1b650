/** Asking a web server for a page, on its own host or from another, as evidence: only the status counts. */
import type { Observation } from '../harness/contract/observation.ts';
import { firstLine, type Judge } from './evidence.ts';

/** Longest wait for an answer, in seconds. */
const LIMIT_S = 5;

/** Prints the status of the answer to a request that changes nothing. Certificates are not what is looked at. */
export function statusOf(url: string): Observation {
  return {
    read: 'command',
    argv: ['curl', '-sk', '-o', '/dev/null', '-m', String(LIMIT_S), '-w', '%{http_code}', url],
  };
}

/** This status is evidence, any other none; no answer cannot be read. */
export function answeredWith(status: string, words: string): Judge {
  return ({ exitCode, stdout }) => {
    const seen = firstLine(stdout);
    if (exitCode !== 0 || !/^[1-5]\d\d$/.test(seen))
      return { says: 'unreadable', words: `no answer (curl ended with ${exitCode})` };
    return seen === status ? { says: 'in-effect', words: `${words} answers ${status}` } : { says: 'nothing' };
  };
}
