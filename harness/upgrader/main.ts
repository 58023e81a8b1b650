/**
 * The upgrader's process. It reads its order from standard input, waits for `go`, and ends when it is done
 * or when standard input ends: an upgrader without a supervisor must not go on changing anything.
 */
import { createInterface } from 'node:readline';
import { errorText } from '../errors.ts';
import { connectEngine } from '../provision/engine.ts';
import { HostAccess } from './host-access.ts';
import { imagoControl } from './imago-control.ts';
import type { UpgradeOrder, UpgraderMessage } from './protocol.ts';
import { runUpgrade } from './run-upgrade.ts';
import { StepLog } from './step-log.ts';

const tell = (message: UpgraderMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => process.exit(3));
  const input = lines[Symbol.asyncIterator]();
  const order = JSON.parse(String((await input.next()).value)) as UpgradeOrder;
  const engine = await connectEngine();
  await engine.ping();
  tell({ say: 'ready' });
  await input.next();
  const start = BigInt(order.bindings.startNs);
  const nowMs = () => Number(process.hrtime.bigint() - start) / 1e6;
  const log = new StepLog(order.stepLog);
  const imago = imagoControl(engine, order.bindings, (news) =>
    tell({ say: 'imago', atMs: nowMs(), ...news }),
  );
  imago?.watchClients();
  const result = await runUpgrade({
    upgrade: order.upgrade,
    rollback: order.rollback,
    onFailure: order.onFailure,
    log,
    tell,
    world: {
      engine,
      bindings: order.bindings,
      hosts: new HostAccess(engine, order.bindings),
      nowMs,
      imago,
      repository: order.repository,
      onReading: (reading) => tell({ say: 'reading', reading }),
    },
  });
  log.close();
  await imago?.close();
  tell({ say: 'result', result });
}

main().then(
  () => process.stdout.end(() => process.exit(0)),
  (error: Error) => {
    tell({ say: 'testbed-failure', message: `${error.name}: ${errorText(error)}` });
    process.stdout.end(() => process.exit(1));
  },
);
