/** Finding the steps of one host's procedure by what they do, whatever a plan calls them. */
import type { Reading } from '../harness/contract/observation.ts';
import type {
  BalancerStep,
  CheckStep,
  InstallStep,
  ServiceStep,
  Step,
  WriteStep,
} from '../harness/contract/step.ts';
import type { HostName, Universe } from '../harness/contract/topology.ts';

/** Recreates the host from an image. */
export function installs(host: HostName): (step: Step) => step is InstallStep {
  return (step): step is InstallStep => step.kind === 'install' && step.host === host;
}

/** Starts a service of the host. */
export function starts(host: HostName): (step: Step) => step is ServiceStep {
  return (step): step is ServiceStep =>
    step.kind === 'service' && step.action === 'start' && step.host === host;
}

/** Checks the host's health. */
export function checks(host: HostName): (step: Step) => step is CheckStep {
  return (step): step is CheckStep => step.kind === 'check' && step.host === host;
}

/** Takes the host out of its balancers' rotation (`drain`), or puts it back. */
export function rotates(host: HostName, state: BalancerStep['state']): (step: Step) => step is BalancerStep {
  return (step): step is BalancerStep =>
    step.kind === 'balancer' && step.state === state && step.host === host;
}

/** Writes this file on the host. */
export function writes(host: HostName, path: string): (step: Step) => step is WriteStep {
  return (step): step is WriteStep => step.kind === 'write' && step.host === host && step.path === path;
}

/** Acts on one of these hosts. */
export function actsOn(hosts: readonly HostName[]): (step: Step) => boolean {
  return (step) => 'host' in step && hosts.includes(step.host);
}

/** The universe whose hosts the procedure installs. */
export function installedIn(steps: readonly Step[]): Universe {
  return steps.find(({ kind }) => kind === 'install')?.universe ?? 'old';
}

/** The step that a reading's label names, where a fault uses the id of a step as the label of its observation. */
export function stepNamedBy(fault: string, { stepId }: Reading): string {
  return stepId.slice(`observe/${fault}/`.length);
}
