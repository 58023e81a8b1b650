/** What is done once the horizon has passed: posture probes first, then provocations. */
import type { Exchange } from './exchange.ts';
import type { Tier } from './topology.ts';

/**
 * Looks for exposures: each line is one thing that is open to somebody. A trial is worse than its reference
 * when it has an exposure that no reference has.
 */
export interface PostureProbe {
  readonly name: string;
  readonly summary: string;
  readonly look: /** Each line of standard output, on every host of the tiers, is an exposure `TIER LINE`. */
    | { readonly kind: 'command'; readonly tiers: readonly Tier[]; readonly argv: readonly string[] }
    /** Each row, on the serving universe's primary, is an exposure. */
    | { readonly kind: 'sql'; readonly database: string; readonly statement: string }
    /** Each path that answers 2xx without credentials, asked through the ingress, is an exposure. */
    | { readonly kind: 'pages'; readonly paths: readonly string[] };
}

/**
 * Which provocations a trial meets: `quick` those that matter most or cost a sound system less than 60 ms, `all` those
 * that take seconds as well.
 */
export type ProvocationSet = 'quick' | 'all' | 'none';

/** What is done to the system. */
export type Act =
  /**
   * Stops and starts the services of a tier's hosts, all hosts at the same time: in good order, or by `stop` where
   * there is one. What is to be done while they are stopped is done on each host; users may come once it has recovered.
   */
  | {
      readonly kind: 'restart';
      readonly tier: Tier;
      readonly stop?: readonly string[];
      readonly whileStopped?: readonly string[];
      readonly visit?: Visit;
    }
  /**
   * Restarts the tier's machines in good order, all at the same time, or one after the other where they share storage:
   * what is in memory is gone, what is on disk is not.
   * A role that a machine had before (`held` exits with 0) it is given back by `take`.
   */
  | {
      readonly kind: 'reboot';
      readonly tier: Tier;
      readonly role?: { readonly held: readonly string[]; readonly take: readonly string[] };
    }
  /** Lets a replica take over from the database's primary; once users are served again, the primary takes over again. */
  | { readonly kind: 'failover' }
  /** Makes the exchanges. */
  | ({ readonly kind: 'exchanges' } & Visit)
  /** Brings trouble about on every host of the tiers, makes the exchanges in the midst of it, and takes it away. */
  | {
      readonly kind: 'hardship';
      readonly tiers: readonly Tier[];
      readonly begin: readonly string[];
      readonly visit: Visit;
      readonly end: readonly string[];
    }
  /** A question to every host of the tiers, which changes nothing: exit code 0 is sound, 1 is not, all else is no answer. */
  | { readonly kind: 'inspection'; readonly tiers: readonly Tier[]; readonly argv: readonly string[] }
  /** A client begins before the upgrade and goes on, with its cookies and all that it remembers, after the horizon. */
  | { readonly kind: 'session'; readonly begin: readonly Exchange[]; readonly resume: readonly Exchange[] };

/** Exchanges of `concurrency` clients at the same time, each with its own cookies. */
export interface Visit {
  readonly exchanges: readonly Exchange[];
  readonly concurrency: number;
}

/** Does to a sound system what happens to every system sooner or later, to wake latent errors. */
export interface Provocation {
  readonly name: string;
  readonly summary: string;
  /** The smallest set that it belongs to. */
  readonly set: Exclude<ProvocationSet, 'none'>;
  readonly act: Act;
}
