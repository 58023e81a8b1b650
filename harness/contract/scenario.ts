/**
 * A scenario is a system with two releases, as data and pure functions: what it is made of, how a host is
 * turned from one release into the other, how it is used, and how its users' data is accounted for.
 */
import type { Detector } from './detector.ts';
import type { Comparison } from './difference.ts';
import type { Exchange } from './exchange.ts';
import type { Projection } from './projection.ts';
import type { PostureProbe, Provocation } from './settle.ts';
import type { BalancerStep, Command, Step } from './step.ts';
import type { HostName, HostSpec, ImageSpec, Release, Size, Tier, Universe } from './topology.ts';

/** A value in each release. */
export interface PerRelease<T> {
  readonly old: T;
  readonly new: T;
}

/** Notations of configuration files that faults can read and write. */
export type ConfigurationFormat = 'apache' | 'haproxy' | 'ini' | 'json';

/** Typed names of a scenario that faults may use, so that a fault applies to more than one scenario. */
export interface Facts {
  /** Name that clients verify in the certificate. */
  readonly siteName: string;
  /** Directory of the static pages on a web host. */
  readonly staticPath: PerRelease<string>;
  /** URL path that must not answer without a password. */
  readonly adminPath: string;
  /** Port on which an application host listens. */
  readonly appPort: PerRelease<number>;
  /** Port on which a web host listens. */
  readonly webPort: number;
  /** Port on which a balancer listens. */
  readonly entryPort: number;
  /** Database account of the application. */
  readonly account: PerRelease<string>;
  readonly database: string;
  /** Index that the new release's busiest query needs. */
  readonly hotIndex: { readonly table: string; readonly name: string };
  /** A column of each table that the new release changes or adds, as it defines it. */
  readonly newColumns: readonly {
    readonly table: string;
    readonly name: string;
    readonly type: string;
    /** A type that holds every value of the data that is there, and not every value that the release accepts. */
    readonly narrower: string;
  }[];
  /** Statements, in the shape of the new release, that list what a conversion did not do; none when it did all. */
  readonly conversion: {
    /** Ranges of keys that lack rows in the table that has several sources. */
    readonly missing: string;
    /** Sampled amounts, where their fractions are gone. */
    readonly rounded: string;
  };
  /** A text by which rows are looked up: its column, the rules it is compared by, and others that a server offers. */
  readonly comparedText: {
    readonly table: string;
    readonly column: string;
    readonly collation: string;
    readonly otherCollation: string;
  };
  /** Command that stops the database server of the host it is run on, and returns when its process is gone. */
  readonly stopDatabase: readonly string[];
  /**
   * A client beside the measured ones, on a machine of the system's own network: it writes straight to the universe's
   * entry. The command goes on in the background; `notes` is the file to which it adds each write, a `WorkloadWrite` a
   * line, until there is a file `NOTES.end`.
   */
  readonly directClient: Command & { readonly notes: string };
  /** Name of the address under which the application finds its database: it moves when another host takes over. */
  readonly databaseAddress: string;
  /** Directory of a database host that is on storage which all copies of the system share. */
  readonly storage: string;
  /** Command that prints `ready` or `drain`: whether a member is in its balancers' rotation. Read-only. */
  readonly rotationState: (member: HostName) => Command;
  /** A path that clients need, as a request that changes nothing; one that is found whatever the data; and the path that the web tier maps for both. */
  readonly neededPath: { readonly url: string; readonly withoutData: string; readonly mapped: string };
  /** Prints `ADDRESS NAME` for every application host that a running web server knows, on its host. Read-only. */
  readonly memberRoutes: readonly string[];
  /** Prints `HOST WEIGHT` for every web host that a running balancer knows, on its host. Read-only. */
  readonly memberWeights: readonly string[];
  /** The key that sessions are signed with: how steps name it, and what prints its SHA-256 on an application host. */
  readonly sessionKey: { readonly placeholder: string; readonly checksum: readonly string[] };
  /** Database connections that one application host may hold. */
  readonly poolConnections: number;
  /** Length of the longest text that clients may store. */
  readonly longestTextCharacters: number;
  /** Page of an application host that there is in debug mode only. */
  readonly debugPath: string;
  /** Page of a web host from which its balancer is managed: for the host itself alone. */
  readonly managerPath: string;
  /** Where a web host keeps answers, and how a kept page shows which release it is of. */
  readonly pageCache: {
    readonly directory: string;
    readonly url: string;
    /** Text that only this release's page holds. */
    readonly mark: PerRelease<string>;
  };
  /** Tables that the new release's account may change, busiest first. */
  readonly writtenTables: readonly string[];
  /** Table that clients add to, of one shape in both releases, and small enough to be restored within a second. */
  readonly backedUpTable: string;
  /** Code name of the distribution that hosts run, as their `/etc/os-release` has it. */
  readonly distribution: PerRelease<string>;
  /** Configuration files by purpose. */
  readonly files: {
    /** The web server's site: directories, access rules, TLS. */
    readonly site: string;
    /** The web server's list of application hosts. */
    readonly members: string;
    readonly app: string;
    readonly balancer: string;
    readonly database: string;
  };
  /** Notation of configuration files by path, where it is one of these. */
  readonly formats: Readonly<Record<string, ConfigurationFormat>>;
  /** Size-limited file system on every host, on which servers write their logs. */
  readonly logs: string;
  /** Volume of a web host that holds the static pages. */
  readonly contentVolume: string;
  /** Directory in which the application keeps files of its own; the release does not start without it. */
  readonly appData: PerRelease<string>;
  /** Shared library that the application loads at its start, built for the release's runtime. */
  readonly nativeAddon: string;
  /** A module that the web server cannot do without, and the file that has the server load it. */
  readonly webModule: { readonly file: string; readonly loadedBy: string };
  /** Device that the configurations of web server and application name for their random numbers. */
  readonly seedDevice: string;
  /** Name of the certificate, long expired, in whose place the certificate `current` was put. */
  readonly expiredCertificate: (current: string) => string;
  /** Port and data directory of the database server. */
  readonly databasePort: number;
  readonly databaseDirectory: string;
  /** Action of the step that has a started database server read its data before clients do: `HOST/ACTION`. */
  readonly warmUp: string;
  /** Service of each tier: its name in steps, and its executable as `/proc/PID/exe` shows it. */
  readonly services: Readonly<Record<Tier, { readonly name: string; readonly executable: string }>>;
}

/** What is true of the other hosts when a recipe's steps run. */
export interface RecipeContext {
  readonly universe: Universe;
  readonly size: Size;
  readonly hosts: (tier: Tier) => readonly HostName[];
  /** Release that a host runs at this point of the plan. */
  readonly releaseOf: (host: HostName) => Release;
  /** Whether a host is out of its balancers' rotation at this point of the plan. */
  readonly drained: (host: HostName) => boolean;
}

/** How one host gets to a release, in parts that approaches put in order. */
export interface HostRecipe {
  /** Stops the services, gracefully. */
  readonly stop: readonly Step[];
  /** Recreates the host from the release's image. */
  readonly install: readonly Step[];
  /** Files, content, certificates, and directories that must exist. */
  readonly configure: readonly Step[];
  readonly start: readonly Step[];
  /** The health check. */
  readonly check: readonly Step[];
  /** Changes on peers, when the host has moved (its port, say). */
  readonly repoint: readonly Step[];
  /** Removes what the previous release left, where hosts are upgraded in place. */
  readonly clean: readonly Step[];
}

/** How the database gets from the old schema to the new one. */
export interface DatabaseRecipe {
  readonly projections: readonly Projection[];
  /** Adds the new shape beside the old, with triggers that keep both in step. */
  readonly expand: (context: RecipeContext) => readonly Step[];
  /** Backfills through the projections. */
  readonly backfill: (context: RecipeContext) => readonly Step[];
  /** The new release's indexes. */
  readonly indexes: (context: RecipeContext) => readonly Step[];
  /** The new release's account and its grants. */
  readonly account: (context: RecipeContext) => readonly Step[];
  /** Drops the old shape, the triggers and the old account. */
  readonly contract: (context: RecipeContext) => readonly Step[];
  /** Replaces the old shape by the new at once: the old release stops working here. */
  readonly inPlace: (context: RecipeContext) => readonly Step[];
  /**
   * Brings the new release's engine to the database servers while they serve: replicas first, then one of them takes over,
   * then the former primary. No acknowledged write is lost.
   */
  readonly engine: (context: RecipeContext) => readonly Step[];
  /**
   * Lets a replica take over from the primary, which then follows it; their settings say so from then on. No acknowledged
   * write is lost.
   */
  readonly failOver: (from: HostName, to: HostName, context: RecipeContext) => readonly Step[];
  /** Makes the empty new schema in a universe of its own. */
  readonly create: (context: RecipeContext) => readonly Step[];
  /** Tells the optimizer of a universe's database what was filled in; without it plans are those of empty tables. */
  readonly statistics: (context: RecipeContext) => readonly Step[];
  /** The account that Imago's driver uses in a universe: it reads in the old one, and writes in the new. */
  readonly driver: {
    readonly user: string;
    /** Name of its secret. */
    readonly secret: string;
    readonly port: number;
    readonly grant: (context: RecipeContext) => readonly Step[];
    /** Takes the account, and what the driver kept there, away again. */
    readonly revoke: (context: RecipeContext) => readonly Step[];
  };
}

/** A certificate made for each trial, signed by the trial's own authority. */
export interface CertificateSpec {
  /** Placeholders `@@pem:NAME.crt@@`, `@@pem:NAME.key@@`; the authority is `@@pem:ca.crt@@`. */
  readonly name: string;
  readonly commonName: string;
  readonly alternativeNames: readonly string[];
  /** Valid until a day ago only. */
  readonly expired?: boolean;
}

/** The clients. The script's side of the stream is described in `workload.ts`. */
export interface WorkloadSpec {
  /** k6 script, relative to the repository. */
  readonly script: string;
  /** Environment of the script, beyond what every script gets. */
  readonly environment: (size: Size) => Readonly<Record<string, string>>;
}

/** How acknowledged writes, derived fields and seed rows are read back, in either shape of the schema. */
export interface LedgerSpec {
  /** Statement that yields one row with one column: `old`, `new` or `both` (expanded). */
  readonly shape: string;
  /** Tier whose hosts read and write the data. In an expanded schema the shapes count that their releases use. */
  readonly readers: Tier;
  /** One statement for each kind of write: columns `request_id` and the fields of the write, as text. */
  readonly writes: (shape: Release) => readonly { readonly kind: string; readonly statement: string }[];
  /** Statements that list rows whose derived fields contradict what they are derived from; none when sound. */
  readonly derived: (shape: Release) => readonly { readonly name: string; readonly statement: string }[];
  /** Statements of columns `bucket`, `rows`, `checksum` over the seed rows; the same in both shapes. */
  readonly seedRows: (shape: Release) => readonly { readonly name: string; readonly statement: string }[];
}

/** One system in two releases. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly facts: Facts;
  /** `@@secret:NAME@@` placeholders that steps may use; random for each trial. */
  readonly secrets: readonly string[];
  readonly certificates: readonly CertificateSpec[];
  readonly hosts: (size: Size) => readonly HostSpec[];
  /** Requests/s that the hosts' CPU budgets are made for; for a higher load the budgets are that much larger. */
  readonly standardRate: number;
  readonly images: (size: Size) => readonly ImageSpec[];
  /** Where clients enter a universe: an address name for `@@address:NAME@@`, and a TLS port. */
  readonly entry: { readonly address: string; readonly port: number; readonly serverName: string };
  /** Where a user's walk enters at this host alone, out of rotation or not; undefined where none can. */
  readonly hostEntry: (
    host: HostName,
  ) => { readonly address: string; readonly port: number; readonly serverName: string } | undefined;
  /** Address names beyond the hosts' own, such as the balancers' shared one. */
  readonly addresses: readonly string[];
  readonly recipe: (host: HostName, release: Release, context: RecipeContext) => HostRecipe;
  readonly database: DatabaseRecipe;
  /** Steps that take a host out of rotation, or put it back. */
  readonly balance: (host: HostName, state: BalancerStep['state'], context: RecipeContext) => readonly Step[];
  /**
   * Steps that move the entry's shared address from one balancer to another, so that its former holder can
   * be upgraded. `from` is null when nobody holds it yet (a universe that is brought up): then it is only taken.
   */
  readonly handOver: (from: HostName | null, to: HostName, context: RecipeContext) => readonly Step[];
  readonly workload: WorkloadSpec;
  readonly ledger: LedgerSpec;
  /** A user's walk through the system; it must hold whenever the system is sound. */
  readonly smoke: readonly Exchange[];
  /** What must be known to compare the answers of both releases. */
  readonly comparison: Comparison;
  readonly provocations: readonly Provocation[];
  readonly probes: readonly PostureProbe[];
  /** Tools that might have caught a fault before a client did; only rehearsals run them. */
  readonly detectors: readonly Detector[];
  /** Version of each tier's server, for the record. */
  readonly versions: readonly Command[];
}
