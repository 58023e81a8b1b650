/**
 * The words for a system's parts: releases, universes, tiers and hosts.
 * Types only; everything that names a part of the system imports them from here.
 */

/** One version of the system: the one that serves when a trial starts, or the one the upgrade installs. */
export type Release = 'old' | 'new';

/** One complete copy of the system: `old` serves at the start; `new` is the parallel universe. */
export type Universe = 'old' | 'new';

/** The hosts of one kind, outermost first. */
export type Tier = 'lb' | 'web' | 'app' | 'db';

/** Name of a host within its universe, such as `web1`: the tier and a number from 1. */
export type HostName = string;

/** A directory of a host that survives a reinstallation of the host's image. */
export interface VolumeSpec {
  /** Absolute path inside the host. */
  readonly path: string;
  /** Limit in megabytes for a size-limited (memory-backed) file system; absent: an ordinary volume. */
  readonly sizeMb?: number;
  /**
   * Set where it is one and the same file system for all hosts that name it, in every universe: storage that the copies
   * of a system share. It has a limit, and lasts as long as one of these hosts runs.
   */
  readonly shared?: true;
}

/** How a machine is installed otherwise than its specification says. */
export interface MachineDeviation {
  /** Paths of its volumes that are not mounted. */
  readonly withoutVolumes?: readonly string[];
  /** Bytes per second that its disk reads and writes at most, each; of writes, those that pass the page cache. */
  readonly diskBytesPerSecond?: number;
}

/** What a machine of the system is made of. The same under every approach. */
export interface HostSpec {
  readonly name: HostName;
  readonly tier: Tier;
  /** Name of the tier's image without release, as in the `images` of the scenario. */
  readonly image: string;
  /** CPU budget in cores, enforced with a 10 ms period. */
  readonly cpus: number;
  /** Memory limit in megabytes. */
  readonly memoryMb: number;
  readonly volumes: readonly VolumeSpec[];
  /** Linux capabilities beyond the engine's default, such as `NET_ADMIN`. */
  readonly capabilities: readonly string[];
}

/** How large a copy of the system is. */
export interface Size {
  /** Hosts in each tier; 2 or more. */
  readonly hosts: number;
  /** Share of the full data set that the images hold, such as 0.02 for 1/50. */
  readonly scale: number;
}

/** An image the scenario needs, built once by set-up and named after its content. */
export interface ImageSpec {
  /** Name of the scenario and the tier; the harness adds project, release and content hash. */
  readonly name: string;
  readonly release: Release;
  /** Debian suite of the base image. */
  readonly suite: 'bookworm' | 'trixie';
  /** Dockerfile, relative to the repository. Build argument `BASE` names the base image. */
  readonly dockerfile: string;
  /** Files of the build context: path in the context -> path relative to the repository, or bundled source. */
  readonly context: readonly ContextFile[];
  /** Further build arguments. */
  readonly args: Readonly<Record<string, string>>;
}

/** One entry of a build context. */
export type ContextFile =
  /** A file or folder copied as it is. */
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  /** A TypeScript entry point bundled into one CommonJS file for the Node.js of the image. */
  | { readonly kind: 'bundle'; readonly entry: string; readonly to: string; readonly node: number }
  /** The Node.js 24 that the testbed itself runs on, for images whose Debian has an older one. */
  | { readonly kind: 'node-binary'; readonly to: string };
