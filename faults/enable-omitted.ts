import type { Fault } from '../harness/contract/fault.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { BalancerStep, Step, WriteStep } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { omit, replace } from './edits.ts';
import { firstLine, type Judge } from './evidence.ts';
import { rotates } from './host-steps.ts';
import { evidenceOnceReached } from './once-reached.ts';

const name = 'enable-omitted';

/** A host that is upgraded well and then never put back into rotation. */
export const enableOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Replication degree',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary:
    'A host was taken out of its balancers’ rotation for the upgrade. The operator does not put it back, and its tier goes on with one host fewer: lists of members that are written later have it as it is, out of rotation.',
  confirmedBy:
    'At the end, when the host should have been put back, its balancers still have it out of rotation.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const hosts = targets(random.pick(['web', 'app'] as const));
    const isEnable = (step: Step): step is BalancerStep => hosts.some((host) => rotates(host, 'ready')(step));
    const enables = steps.filter(isEnable);
    if (enables.length === 0)
      return { applies: false, reason: 'the procedure takes no live host out of rotation' };
    const omitted = omit(name, steps, isEnable, 'the host stays out of rotation');
    return {
      applies: true,
      steps: enables.reduce<readonly Step[]>((list, enable) => keptOut(enable, list, facts), omitted),
      observe: enables.map((step) => {
        const { host, argv } = facts.rotationState(step.host);
        return { after: 'end' as const, step: observe(step.id, host, { read: 'command', argv }) };
      }),
    };
  },
  confirm: (readings, timeline) => evidenceOnceReached(name, readings, timeline, isOut),
};

/** Whoever writes a list of members later finds the host out of rotation and leaves it so. */
function keptOut({ id, host }: BalancerStep, steps: readonly Step[], facts: Facts): Step[] {
  const from = steps.findIndex((step) => step.id === id);
  const later = new Set(steps.slice(from + 1).map((step) => step.id));
  const isList = (step: Step): step is WriteStep =>
    step.kind === 'write' && later.has(step.id) && without(host, step, facts) !== step.content;
  return replace(
    name,
    steps,
    isList,
    (step) => ({ ...step, content: without(host, step, facts) }),
    `${host} is still out of rotation`,
  );
}

/** A list of members in which the host is out of rotation; what is no such list stays as it is. */
function without(host: HostName, { path, content }: WriteStep, { files }: Facts): string {
  const marks: Readonly<Record<string, readonly [RegExp, string]>> = {
    [files.members]: [new RegExp(`^[ \\t]*BalancerMember\\b.*\\broute=${host}\\b.*$`, 'm'), ' status=+S'],
    [files.balancer]: [new RegExp(`^[ \\t]*server[ \\t]+${host}[ \\t].*$`, 'm'), ' disabled'],
  };
  const [line, mark] = marks[path] ?? [];
  if (line === undefined || mark === undefined) return content;
  return content.replace(line, (member) => (member.endsWith(mark) ? member : `${member}${mark}`));
}

const isOut: Judge = ({ exitCode, stdout, stderr }) => {
  const state = firstLine(stdout);
  if (exitCode !== 0 || !['ready', 'drain'].includes(state))
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
  return state === 'drain'
    ? { says: 'in-effect', words: 'the balancer has the host out of rotation' }
    : { says: 'nothing' };
};
