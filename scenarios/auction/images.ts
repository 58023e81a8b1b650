/** The auction's images: one a tier and release. */
import type { ContextFile, ImageSpec, Release, Size, Tier } from '../../harness/contract/topology.ts';

const SUITES = { old: 'bookworm', new: 'trixie' } as const;
/** Major version of Debian's Node.js in each suite: what the application is bundled for. */
const NODE = { old: 18, new: 20 } as const;
const TIERS: readonly Tier[] = ['lb', 'web', 'app', 'db'];

/** All images, for a copy of the system of this size. */
export function images(size: Size): ImageSpec[] {
  return (['old', 'new'] as const).flatMap((release) => TIERS.map((tier) => image(tier, release, size)));
}

function image(tier: Tier, release: Release, size: Size): ImageSpec {
  return {
    name: `auction-${tier}`,
    release,
    suite: SUITES[release],
    dockerfile: `docker/auction/${tier}.Dockerfile`,
    context: context(tier, release),
    // Only the data set depends on the scale; other images are the same for any.
    args: tier === 'db' ? { RELEASE: release, SCALE: String(size.scale) } : {},
  };
}

function context(tier: Tier, release: Release): ContextFile[] {
  const scripts: ContextFile = { kind: 'copy', from: `docker/auction/${tier}/sbin`, to: 'sbin' };
  switch (tier) {
    case 'lb':
      return [scripts];
    case 'web':
      return [scripts, { kind: 'copy', from: 'docker/auction/web/apache2', to: 'apache2' }];
    case 'app':
      return [
        scripts,
        {
          kind: 'bundle',
          entry: `scenarios/auction/application/${release}/main.ts`,
          to: 'app.js',
          node: NODE[release],
        },
        { kind: 'copy', from: 'scenarios/auction/application/native/digest.cc', to: 'digest.cc' },
      ];
    case 'db':
      return [
        { kind: 'copy', from: 'docker/auction/db/seed.sh', to: 'seed.sh' },
        { kind: 'copy', from: 'docker/auction/db/image.cnf', to: 'image.cnf' },
        { kind: 'copy', from: 'scenarios/auction/schema', to: 'schema' },
      ];
  }
}
