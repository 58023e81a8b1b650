/** The tester: integration tests on the new universe, and its operational test beside the old one. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../../contract/exchange.ts';
import { runExchanges } from '../../observation/exchange.ts';
import type { UpstreamAddress } from '../ingress/protocol.ts';
import { Footprints } from './footprints.ts';
import { Universes } from './judged.ts';
import { LearnedPlaces } from './learned-places.ts';
import { LiveComparison } from './live-comparison.ts';
import { listenForMirror, type MirrorIntake } from './mirror-intake.ts';
import {
  DEFAULT_LIMITS,
  type IntegrationResult,
  type TesterCommand,
  type TesterLimits,
  type TesterStopped,
  type TesterVerdict,
} from './protocol.ts';
import { SiteClient } from './site-client.ts';
import { Tally } from './tally.ts';
import { parseBody } from './tree.ts';

/** Learned places that are told. */
const MAX_PLACES_TOLD = 20;

interface Connected {
  readonly fresh: UpstreamAddress;
  readonly listenPort: number;
  readonly limits: TesterLimits;
  readonly universes: Universes;
  readonly footprints: Footprints;
}

interface Running {
  readonly comparison: LiveComparison;
  readonly intake: MirrorIntake;
  readonly sentBefore: number;
}

/** One tester; its commands come one at a time or together, in any order that a procedure may have. */
export class Tester {
  private connected: Connected | undefined;
  private running: Running | undefined;
  /** What is judged; kept after `stop`, for a verdict that comes late. */
  private tally = new Tally();

  /** Carries out a command. @throws with what is wrong with it */
  async carryOut(command: TesterCommand): Promise<unknown> {
    switch (command.command) {
      case 'connect':
        return await this.connect(command);
      case 'integration':
        return await this.integration(command.exchanges, command.timeoutMs);
      case 'start':
        return await this.start(command.learnOnly ?? false);
      case 'verdict':
        return await this.verdict(command.minimumCompared, command.timeoutMs);
      case 'stop':
        return await this.stop();
      default:
        throw new Error(`unknown command ${JSON.stringify(command).slice(0, 80)}`);
    }
  }

  private async connect(command: Extract<TesterCommand, { command: 'connect' }>): Promise<null> {
    await this.stop();
    const limits = { ...DEFAULT_LIMITS, ...command.limits };
    for (const [name, value] of Object.entries({ ...limits, pausesMs: Math.min(...limits.pausesMs) }))
      if (!Number.isFinite(value) || value <= 0)
        throw new Error(`connect: limit ${name} must be a number above 0, saw ${value}`);
    const { answerTimeoutMs, maxAtOnce, oldReadsPerSecond } = limits;
    const old = new SiteClient(command.old, {
      // Reads beyond the clients' own never come in a burst.
      maxAtOnce: Math.min(4, Math.ceil(oldReadsPerSecond)),
      answerTimeoutMs,
    });
    const fresh = new SiteClient(command.new, { maxAtOnce, answerTimeoutMs });
    const { comparison } = command;
    const universes = new Universes({ old, fresh }, comparison, new LearnedPlaces(), command.old.serverName);
    const footprints = new Footprints(comparison.footprints);
    this.connected?.universes.old.close();
    this.connected?.universes.fresh.close();
    this.connected = { fresh: command.new, listenPort: command.listenPort, limits, universes, footprints };
    this.tally = new Tally();
    return null;
  }

  private async integration(exchanges: readonly Exchange[], timeoutMs: number): Promise<IntegrationResult> {
    const { fresh, footprints } = this.needConnected('integration');
    const { held, reason } = await runExchanges(fresh, exchanges, {
      concurrency: 1,
      timeoutMs,
      onAnswer: ({ method, path, form }, { body }) => {
        const write = { method, target: path, form: new URLSearchParams({ ...form }) };
        // What it writes is not there in the old universe until the new one is reconciled.
        if (footprints.concerns(method, path))
          footprints.record(write, parseBody(Buffer.from(body), 'text/html'));
      },
    });
    return { held, reason };
  }

  private async start(learnOnly: boolean): Promise<{ port: number }> {
    const { limits, universes, footprints, listenPort } = this.needConnected('start');
    if (this.running !== undefined) await this.stop();
    this.tally = new Tally();
    const { tally } = this;
    const comparison = new LiveComparison({ universes, footprints, tally, limits, learnOnly, nowMs });
    const intake = await listenForMirror(listenPort, comparison, { maxWaiting: limits.maxWaiting, nowMs });
    this.running = { comparison, intake, sentBefore: universes.fresh.sent };
    if (!learnOnly) comparison.askOwnPaths();
    return { port: intake.port };
  }

  private async verdict(minimumCompared: number, timeoutMs: number): Promise<TesterVerdict> {
    const { tally, running } = this;
    let timedOut = running === undefined;
    if (running !== undefined) {
      const expired = new AbortController();
      const over = delay(timeoutMs, undefined, { signal: expired.signal }).then(
        () => {
          timedOut = true;
        },
        () => undefined,
      );
      const enough = (): boolean => decided(tally) || tally.live.compared >= minimumCompared;
      try {
        await Promise.race([over, until(tally, enough)]);
        // What has begun to differ is judged before anything is said.
        await Promise.race([over, until(tally, () => decided(tally)), running.comparison.settled()]);
      } finally {
        expired.abort();
      }
    }
    if (tally.broken !== undefined)
      throw new Error(`verdict: the tester failed: ${tally.broken.message}`, { cause: tally.broken });
    return this.told(tally, minimumCompared, timedOut ? timeoutMs : undefined);
  }

  private told(tally: Tally, minimumCompared: number, timedOutMs: number | undefined): TesterVerdict {
    const { learned } = this.connected?.universes ?? { learned: new LearnedPlaces() };
    const places = learned.all();
    const failure = tally.failure();
    const tooFew = tally.live.compared < minimumCompared;
    const unsettled = timedOutMs !== undefined && !tooFew && this.running !== undefined;
    const doubt = tooFew ? undefined : tally.doubt();
    const reason =
      failure ??
      doubt ??
      (this.running === undefined && tooFew
        ? 'nothing was compared: no comparison is running'
        : tooFew
          ? `${tally.live.compared} of at least ${minimumCompared} live requests were compared within ${timedOutMs} ms`
          : unsettled
            ? `answers that differed were still being asked for again after ${timedOutMs} ms`
            : `${tally.compared} requests compared, ${tally.agreed} agreed`);
    return {
      passed: failure === undefined && doubt === undefined && !tooFew && !unsettled,
      reason,
      learned: {
        requests: learned.requests,
        volatile: places.length,
        places: places.slice(0, MAX_PLACES_TOLD),
      },
      ...tally.counts(),
    };
  }

  private async stop(): Promise<TesterStopped> {
    const { running, connected } = this;
    this.running = undefined;
    if (running === undefined || connected === undefined) return { sent: 0, writes: 0 };
    await running.intake.close();
    await running.comparison.stop();
    return {
      sent: connected.universes.fresh.sent - running.sentBefore,
      writes: running.comparison.writes,
    };
  }

  private needConnected(command: string): Connected {
    if (this.connected === undefined) throw new Error(`${command}: connect first`);
    return this.connected;
  }
}

function decided(tally: Tally): boolean {
  return tally.broken !== undefined || tally.failure() !== undefined;
}

/** Resolves once something is the case that can change only when something is judged. */
function until(tally: Tally, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (condition()) return resolve();
    const end = tally.watch(() => {
      if (!condition()) return;
      end();
      resolve();
    });
  });
}

/** Milliseconds on the monotonic clock. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
