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

/** Does to a sound system what happens to every system sooner or later, to wake latent errors. */
export interface Provocation {
  readonly name: string;
  readonly summary: string;
  readonly act: /** Stops and starts the services of a tier's hosts, all hosts at the same time, as after a power cut. */
    | { readonly kind: 'restart'; readonly tier: Tier }
    /** Makes the exchanges; `concurrency` copies of the list at the same time, each with its own cookies. */
    | { readonly kind: 'exchanges'; readonly exchanges: readonly Exchange[]; readonly concurrency: number };
}
