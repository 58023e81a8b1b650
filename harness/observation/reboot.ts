/**
 * A machine's reboot. Its container is stopped and started, which loses what a machine loses: processes, network state,
 * packet filters, `/run`. What a machine has on disk and a container keeps in memory, or gets anew from the engine, is
 * put aside and back: its size-limited file systems, and the table of names.
 */
import type Dockerode from 'dockerode';
import type { HostName, HostSpec } from '../contract/topology.ts';
import type { UniverseMap } from '../provision/universe.ts';
import type { HostAccess } from '../upgrader/host-access.ts';

/** In the container's own layer, which outlasts a restart. */
const ASIDE = '/var/tmp/before-reboot';
/** Time that processes are given to end when the machine goes down; their services were stopped before. */
const STOP_LIMIT_S = 2;

const PUT_ASIDE = `set -e
rm -rf ${ASIDE} && mkdir -p ${ASIDE} && cp /etc/hosts ${ASIDE}/hosts
for folder; do tar -C / -cf - ".$folder" | tar -C ${ASIDE} -xf -; done`;
const PUT_BACK = `set -e
cat ${ASIDE}/hosts > /etc/hosts
for folder; do tar -C "${ASIDE}$folder" -cf - . | tar -C "$folder" -xf -; done
rm -rf ${ASIDE} && find /run -mindepth 1 -delete && install -d -m 1777 /run/lock`;

/** Restarts a machine whose services are stopped; they are not started again. Throws when it cannot be done. */
export async function rebootHost(
  engine: Dockerode,
  hosts: HostAccess,
  { universe, containers, specs }: UniverseMap,
  host: HostName,
): Promise<void> {
  const folders = inMemory(specs[host]);
  const run = async (script: string) => {
    const { exitCode, stderr } = await hosts.exec(universe, host, ['sh', '-c', script, 'reboot', ...folders]);
    if (exitCode !== 0) throw new Error(`reboot ${host}: exit code ${exitCode} (${stderr.trim()})`);
  };
  await run(PUT_ASIDE);
  hosts.forget(universe, host);
  await engine.getContainer(containers[host] ?? '').restart({ t: STOP_LIMIT_S });
  await run(PUT_BACK);
}

/** Folders of a machine that are in its container's memory alone. */
function inMemory(spec: HostSpec | undefined): string[] {
  return (spec?.volumes ?? [])
    .filter(({ sizeMb, shared }) => sizeMb !== undefined && !shared)
    .map(({ path }) => path);
}
