/**
 * Kills the driver on its machine. What is wanted is a moment, and a quiescence lasts some 20 ms: so the shell waits on
 * the machine already, and needs no process of its own to find the driver and end it.
 */
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { DRIVER_MAIN } from '../imago/driver-control.ts';
import { type Channel, openChannel } from '../provision/channel.ts';

/** Longest wait for the answer; the kill itself takes a few milliseconds. */
const ANSWER_LIMIT_MS = 5_000;

/** Ends every driver there is and prints how many. It reads command lines; its own, and the shell's, name no driver. */
const KILL = [
  'n=0; for p in /proc/[0-9]*; do c=; read -r c 2>/dev/null <$p/cmdline;',
  `case $c in *${DRIVER_MAIN}*) kill -KILL "\${p#/proc/}" && n=$((n+1)) ;; esac; done; echo $n`,
].join(' ');

/** A shell that waits on the driver's machine. */
export class DriverKill {
  readonly #channel: Channel;
  readonly #lines: Interface;

  private constructor(channel: Channel) {
    this.#channel = channel;
    this.#lines = createInterface({ input: channel.stdout });
    channel.stdin.on('error', () => undefined); // A machine that went is told of by the answer that never comes.
  }

  /** Rejects where the machine does not run. */
  static async open(engine: Dockerode, container: string): Promise<DriverKill> {
    return new DriverKill(await openChannel(engine, container, ['sh']));
  }

  /** Gives how many were killed: 0 where none runs, or the machine has gone. Rejects without an answer in time. */
  async kill(): Promise<number> {
    const answered = new Promise<number>((resolve) => {
      this.#lines.once('line', (line) => resolve(Number(line)));
      this.#lines.once('close', () => resolve(0));
      this.#channel.stdin.write(`${KILL}\n`);
    });
    const timer = new AbortController();
    const late = delay(ANSWER_LIMIT_MS, undefined, { signal: timer.signal }).then(
      () => {
        throw new Error(`kill the driver: no answer within ${ANSWER_LIMIT_MS} ms`);
      },
      () => 0, // The answer came first.
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      timer.abort();
    }
  }

  async close(): Promise<void> {
    await this.#channel.close();
  }
}
