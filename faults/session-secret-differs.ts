import type { Fault } from '../harness/contract/fault.ts';
import type { Evidence, Reading } from '../harness/contract/observation.ts';
import type { WriteStep } from '../harness/contract/step.ts';
import { firstLine } from './evidence.ts';
import { misconfigured, misconfiguredEvidence, runsWith } from './wrong-configuration.ts';

const name = 'session-secret-differs';

/** Application hosts that sign sessions with different keys. */
export const sessionSecretDiffers: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'upfault',
  tiers: ['app'],
  summary:
    'Application hosts sign their clients’ sessions with one key. For the new configuration of a host the operator generates a key of its own, as for the other secrets of a host.',
  confirmedBy:
    'Once the last application host runs with its configuration, the keys on the application hosts do not all have the same checksum.',
  edit: (context) => {
    const { steps, facts, hosts, observe } = context;
    const { placeholder, checksum } = facts.sessionKey;
    const result = misconfigured(context, {
      fault: name,
      path: facts.files.app,
      hosts: context.targets('app'),
      wrong: (content, host) => content.replaceAll(placeholder, `${placeholder}-${host}`),
      note: 'a session key of the host’s own',
      look: () => ({ read: 'command', argv: checksum }),
      otherwise: 'no step of the procedure gives an application host its session key',
    });
    const isMistaken = result.applies && result.observe.some(({ step }) => step.id.includes('/file-'));
    const last = steps.filter(
      (step): step is WriteStep => step.kind === 'write' && step.path === facts.files.app,
    );
    const lastWrite = last.at(-1);
    if (!result.applies || isMistaken || lastWrite === undefined) return result;
    // Hosts may be installed side by side: when the last has been checked, all others have their configuration too.
    const after =
      steps
        .slice(steps.indexOf(lastWrite))
        .find((step) => step.kind === 'check' && step.host === lastWrite.host)?.id ??
      runsWith(steps, lastWrite);
    return {
      ...result,
      observe: hosts('app').map((host) => ({
        after,
        step: observe(`running-${host}`, host, { read: 'command', argv: checksum }),
      })),
    };
  },
  confirm: (readings) =>
    readings.some(({ stepId }) => stepId.includes('/file-'))
      ? misconfiguredEvidence(readings, () => ({ says: 'nothing' }))
      : compared(readings),
};

/** One checksum a host; only all of them together say that the hosts agree. */
function compared(readings: readonly Reading[]): Evidence {
  const read = readings.map(({ host, stepId, result }) => ({
    host,
    stepId,
    sum: result.taken && result.exitCode === 0 ? (/^[0-9a-f]{64}\b/.exec(result.stdout)?.[0] ?? '') : '',
    failure: result.taken ? `exit code ${result.exitCode}: ${firstLine(result.stderr)}` : result.reason,
  }));
  const sums = new Set(read.flatMap(({ sum }) => (sum === '' ? [] : [sum])));
  if (sums.size > 1) {
    const known = read.filter(({ sum }) => sum !== '');
    const told = known.map(({ host, sum }) => `${host} ${sum.slice(0, 8)}`).join(', ');
    const stepIds = known.map(({ stepId }) => stepId);
    return { verdict: 'found', summary: `checksums of the session key: ${told}`, stepIds };
  }
  const lost = read.filter(({ sum }) => sum === '');
  if (lost.length > 0 || read.length < 2) {
    const told = lost.map(({ host, failure }) => `${host}: ${failure}`).join('; ');
    return { verdict: 'unreadable', summary: told === '' ? 'no two readings were taken' : told };
  }
  return { verdict: 'not-found', summary: `${read.length} hosts have the same session key` };
}
