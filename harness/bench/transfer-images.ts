/** Images of the transfer benchmark: both databases with the data of a size, and the peers' tools. */
import type { Scenario } from '../contract/scenario.ts';
import type { ImageSpec, Size } from '../contract/topology.ts';
import { INGRESS_IMAGE } from '../imago/ingress-image.ts';
import { imageKey } from '../provision/universe.ts';
import { buildImages } from '../setup/image-build.ts';

/** Tags of the images of the stand. */
export interface TransferImages {
  readonly old: string;
  readonly new: string;
  readonly driver: string;
  readonly tools: string;
}

const TOOLS: ImageSpec = {
  name: 'bench-transfer',
  release: 'old',
  suite: 'bookworm',
  dockerfile: 'docker/bench/transfer.Dockerfile',
  context: ['dump.sh', 'mydumper.sh'].map((file) => ({
    kind: 'copy',
    from: `docker/bench/${file}`,
    to: file,
  })),
  args: {},
};

/** Builds what is missing; the data of ten times the default size takes a minute or two. */
export async function transferImages(
  scenario: Scenario,
  size: Size,
  say: (line: string) => void,
): Promise<TransferImages> {
  const database = scenario.hosts(size).find(({ tier }) => tier === 'db')?.image;
  const databases = scenario.images(size).filter(({ name }) => name === database);
  const tags = await buildImages([...databases, INGRESS_IMAGE, TOOLS], (_, line) => say(line));
  const tagOf = (name: string, release: 'old' | 'new'): string => tags.get(imageKey(name, release)) ?? '';
  return {
    old: tagOf(database ?? '', 'old'),
    new: tagOf(database ?? '', 'new'),
    driver: tagOf(INGRESS_IMAGE.name, INGRESS_IMAGE.release),
    tools: tagOf(TOOLS.name, TOOLS.release),
  };
}
