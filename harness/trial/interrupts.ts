/**
 * Kills one of the upgrade's own processes at the moments that the plan names, and puts on the timeline what was
 * killed and when. Which process it is and how it goes on from there is the upgrade's affair: it is not told.
 */
import type Dockerode from 'dockerode';
import type { InterruptRecord } from '../../results/schema.ts';
import type { Interrupt, Plan } from '../contract/plan.ts';
import { interruptText } from '../plan/interrupts.ts';
import type { UpgraderMessage } from '../upgrader/protocol.ts';
import type { ReadyUpgrader } from '../upgrader/upgrader.ts';
import { DriverKill } from './driver-kill.ts';
import type { Timeline } from './timeline.ts';

/** Where kills are done and told. */
export interface InterruptedTrial {
  readonly engine: Dockerode;
  /** Container of the driver's machine; undefined where there is none. */
  readonly driverMachine: string | undefined;
  readonly timeline: Timeline;
  readonly nowMs: () => number;
}

/** The kills of one trial. */
export class Interrupter {
  readonly #asked: readonly Interrupt[];
  readonly #trial: InterruptedTrial;
  readonly #driverStart: string | undefined;
  readonly #timers = new Map<Interrupt, NodeJS.Timeout>();
  readonly #kills = new Map<Interrupt, Promise<void>>();
  readonly #records: InterruptRecord[] = [];
  #upgrader: Pick<ReadyUpgrader, 'interrupt'> | undefined;
  #ofDriver: Promise<DriverKill> | undefined;

  constructor(plan: Pick<Plan, 'interrupts' | 'upgrade'>, trial: InterruptedTrial) {
    this.#asked = plan.interrupts;
    this.#trial = trial;
    const start = plan.upgrade.find((step) => step.kind === 'imago' && step.action.do === 'start-driver');
    const concernsDriver = plan.interrupts.some(({ process }) => process === 'driver');
    this.#driverStart = concernsDriver ? start?.id : undefined;
  }

  /** The upgrade begins, and so do the times that count from there. */
  begin(upgrader: Pick<ReadyUpgrader, 'interrupt'>): void {
    this.#upgrader = upgrader;
    this.#arm(null);
  }

  /** Takes in what the upgrader says: when a step begins, so do the times that count from it. */
  readonly hear = (message: UpgraderMessage): void => {
    if (message.say === 'step-start') this.#arm(message.stepId);
    // Opened before it is needed: through the engine alone a kill would come some 100 ms late.
    if (message.say === 'step-end' && message.stepId === this.#driverStart)
      this.#onMachine().catch(() => undefined); // Tried again by the kill, which tells of it.
  };

  /** No kill from here on. What became of each that was asked for, those that it never came to at the end. */
  async end(): Promise<InterruptRecord[]> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#kills.values());
    await (await this.#ofDriver?.catch(() => undefined))?.close();
    const missed = this.#asked.filter((interrupt) => !this.#kills.has(interrupt));
    return [
      ...this.#records,
      ...missed.map((interrupt) => ({
        ...{ asked: interruptText(interrupt), atMs: this.#trial.nowMs(), killed: 0, during: '' },
        note: 'the upgrade had ended before',
      })),
    ];
  }

  /** Each time counts once: a step that is begun again does not kill again. */
  #arm(step: string | null): void {
    for (const interrupt of this.#asked) {
      if (interrupt.step !== step || this.#timers.has(interrupt) || this.#kills.has(interrupt)) continue;
      const kill = () => void this.#kills.set(interrupt, this.#kill(interrupt));
      if (interrupt.afterS === 0) kill();
      else this.#timers.set(interrupt, setTimeout(kill, interrupt.afterS * 1000));
    }
  }

  async #kill(interrupt: Interrupt): Promise<void> {
    const { timeline, nowMs } = this.#trial;
    const about = { asked: interruptText(interrupt), atMs: nowMs(), during: timeline.running };
    let killed = 0;
    let note = '';
    try {
      killed =
        interrupt.process === 'upgrader' ? (this.#upgrader?.interrupt() ?? 0) : await this.#killDrivers();
      if (killed === 0) note = `no ${interrupt.process} was running`;
    } catch (error) {
      note = (error as Error).message;
    }
    const record = { ...about, killed, note };
    if (killed > 0 && interrupt.process === 'upgrader') timeline.interrupted(about.during, about.atMs);
    this.#records.push(record);
    timeline.append({ event: 'interrupt', ...record });
  }

  async #killDrivers(): Promise<number> {
    return (await this.#onMachine()).kill();
  }

  #onMachine(): Promise<DriverKill> {
    const { engine, driverMachine } = this.#trial;
    if (driverMachine === undefined) return Promise.reject(new Error('kill the driver: it has no machine'));
    const known = this.#ofDriver ?? Promise.reject(new Error('none yet'));
    this.#ofDriver = known.catch(() => DriverKill.open(engine, driverMachine));
    return this.#ofDriver;
  }
}
