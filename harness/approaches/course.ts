/**
 * The state that a plan has reached while it is being made: which release each host runs, and which hosts
 * are out of rotation. Recipes ask it, so that a web host's list of application hosts is right at each point.
 */
import type { RecipeContext, Scenario } from '../contract/scenario.ts';
import type { HostName, Release, Size, Tier, Universe } from '../contract/topology.ts';

/** The running state of one universe in a plan. */
export interface Course {
  readonly context: RecipeContext;
  readonly hosts: (tier: Tier) => readonly HostName[];
  /** From here on the host runs this release. */
  readonly runs: (host: HostName, release: Release) => void;
  /** From here on the host is out of rotation, or in it. */
  readonly setDrained: (host: HostName, drained: boolean) => void;
}

/** A universe in which every host runs `release` and is in rotation. */
export function startCourse(scenario: Scenario, size: Size, universe: Universe, release: Release): Course {
  const specs = scenario.hosts(size);
  const releases = new Map<HostName, Release>(specs.map((spec) => [spec.name, release]));
  const drainedHosts = new Set<HostName>();
  const hosts = (tier: Tier) => specs.filter((spec) => spec.tier === tier).map((spec) => spec.name);
  return {
    hosts,
    context: {
      universe,
      size,
      hosts,
      releaseOf: (host) => {
        const found = releases.get(host);
        if (found === undefined) {
          throw new Error(
            `plan ${scenario.name}: no host ${host}; hosts are ${[...releases.keys()].join(', ')}`,
          );
        }
        return found;
      },
      drained: (host) => drainedHosts.has(host),
    },
    runs: (host, next) => void releases.set(host, next),
    setDrained: (host, drained) => void (drained ? drainedHosts.add(host) : drainedHosts.delete(host)),
  };
}
