/** What the services logged, kept with the record: the last lines of each log file of each host. */
import type { TrialStore } from '../../results/trial-store.ts';
import type { System } from './system.ts';

const TAIL = `for f in $(find /var/log -type f -size +0c 2>/dev/null | sort | head -n 40); do echo "==> $f"; tail -c 20000 "$f"; done`;

/** Collects the logs of the old universe's hosts. */
export async function collectLogs(system: System, record: TrialStore): Promise<void> {
  await Promise.all(
    Object.keys(system.old.containers).map(async (host) => {
      if (!(await system.hosts.isRunning('old', host))) return;
      const { stdout } = await system.hosts.exec('old', host, ['sh', '-c', TAIL], { timeoutMs: 5_000 });
      await record.writeLog(`${host}.log`, stdout);
    }),
  );
}
