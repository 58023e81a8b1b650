/** Finding the steps by which a procedure installs a host and starts its service, and adding commands to them. */
import type { ExecStep, InstallStep, ServiceStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';

/** The step that installs the host. */
export function installOf(host: HostName, steps: readonly Step[]): InstallStep | undefined {
  return steps.find((step): step is InstallStep => step.kind === 'install' && step.host === host);
}

/** The step that starts the host's service. */
export function startOf(host: HostName, steps: readonly Step[]): ServiceStep | undefined {
  return steps.find(
    (step): step is ServiceStep => step.kind === 'service' && step.action === 'start' && step.host === host,
  );
}

/** A command on the host that `beside` acts on, in the same universe. */
export function commandBeside(
  beside: ServiceStep | InstallStep,
  action: string,
  title: string,
  argv: readonly string[],
): ExecStep {
  const { universe, host } = beside;
  return { kind: 'exec', id: `${host}/${action}`, title, universe, host, argv };
}
