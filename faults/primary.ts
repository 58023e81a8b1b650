/** Which database host takes the writes once the procedure has been carried out. */
import type { EditContext } from '../harness/contract/fault.ts';
import type { HostName } from '../harness/contract/topology.ts';

const TAKES_WRITES = /^[ \t]*read[-_]only[ \t]*=[ \t]*OFF[ \t]*$/m;

/** The last host that is configured to take writes; the first of the tier where the procedure configures none. */
export function primaryAtEnd({
  steps,
  facts,
  hosts,
}: Pick<EditContext, 'steps' | 'facts' | 'hosts'>): HostName {
  const configured = steps.findLast(
    (step) => step.kind === 'write' && step.path === facts.files.database && TAKES_WRITES.test(step.content),
  );
  const [first = ''] = hosts('db');
  return configured?.kind === 'write' ? configured.host : first;
}
