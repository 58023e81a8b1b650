/**
 * Files of the old release that an operator takes along to the new one. On a host that is installed anew they are
 * kept in /usr/local/lib, which outlives the installation; a new host gets them from its counterpart.
 */
import type { EditContext } from '../harness/contract/fault.ts';
import type { CarryStep, InstallStep, ServiceStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { insertAfter, insertBefore } from './edits.ts';
import { commandBeside, installOf, startOf } from './host-lifecycle.ts';

/** A host with the steps between which a file is taken along. */
export interface Renewed {
  readonly install: InstallStep;
  readonly start: ServiceStep;
}

/** Where a file of the old release is found again after it was taken along. */
export function keptPath(file: string): string {
  return `/usr/local/lib/${file.split('/').at(-1)}`;
}

/** The hosts that the procedure installs and starts. */
export function renewed(hosts: readonly HostName[], steps: readonly Step[]): readonly Renewed[] {
  return hosts.flatMap((host) => {
    const install = installOf(host, steps);
    const start = startOf(host, steps);
    return install === undefined || start === undefined ? [] : [{ install, start }];
  });
}

/** Takes `file` of the old release along to `keptPath(file)`, then runs a command there before the service is started. */
export function takeAlong(
  fault: string,
  steps: EditContext['steps'],
  { install, start }: Renewed,
  file: string,
  use: { readonly action: string; readonly title: string; readonly argv: readonly string[] },
  note: string,
): Step[] {
  const { host } = install;
  const kept = keptPath(file);
  const isInstall = (step: Step) => step === install;
  const fromCounterpart: CarryStep = {
    kind: 'carry',
    id: `${host}/carry-over-file`,
    title: `Copy ${file} from the old ${host}`,
    universe: install.universe,
    host,
    from: { universe: 'old', host, path: file },
    path: kept,
  };
  const taken =
    install.universe === 'old'
      ? insertBefore(
          fault,
          steps,
          isInstall,
          [commandBeside(install, 'keep-old-file', `Keep ${file} of ${host}`, ['cp', file, kept])],
          note,
        )
      : insertAfter(fault, steps, isInstall, [fromCounterpart], note);
  return insertBefore(
    fault,
    taken,
    (step) => step === start,
    [commandBeside(start, use.action, use.title, use.argv)],
    note,
  );
}
