/** What balancers say of a member. */
import { firstLine, type Judge } from './evidence.ts';

/** Evidence where a balancer has a host in rotation that, as the words say, it should not have then. */
export function inRotation(words: string): Judge {
  return ({ exitCode, stdout, stderr }) => {
    const state = firstLine(stdout);
    if (exitCode !== 0 || !['ready', 'drain'].includes(state))
      return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
    return state === 'ready'
      ? { says: 'in-effect', words: `the balancer has a host in rotation that ${words}` }
      : { says: 'nothing' };
  };
}
