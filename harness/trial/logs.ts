/** What the services logged, kept with the record: the last lines of each log file of each host. */
import type { TrialStore } from '../../results/trial-store.ts';
import type { System } from './system.ts';

const TAIL = `for f in $(find /var/log -type f -size +0c 2>/dev/null | sort | head -n 40); do echo "==> $f"; tail -c 20000 "$f"; done`;

/** Collects the logs of both universes' hosts, as far as they are there; those of U_new as `new-HOST.log`. */
export async function collectLogs(system: System, record: TrialStore): Promise<void> {
  const hosts = [system.old, system.fresh].flatMap((map) =>
    map === undefined ? [] : Object.keys(map.containers).map((host) => ({ universe: map.universe, host })),
  );
  await Promise.all(
    hosts.map(async ({ universe, host }) => {
      if (!(await system.hosts.isRunning(universe, host))) return;
      const { stdout } = await system.hosts.exec(universe, host, ['sh', '-c', TAIL], { timeoutMs: 5_000 });
      await record.writeLog(`${universe === 'new' ? 'new-' : ''}${host}.log`, stdout);
    }),
  );
}
