/** Images of the stand of the transfer and the switchover benchmark: both databases with the data of a size, and the peers' tools. */
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

/** An image of peers' tools, with what they are called by. */
export function toolsImage(name: string, scripts: readonly string[]): ImageSpec {
  return {
    name: `bench-${name}`,
    release: 'old',
    suite: 'bookworm',
    dockerfile: `docker/bench/${name}.Dockerfile`,
    context: scripts.map((file) => ({ kind: 'copy', from: `docker/bench/${file}`, to: file })),
    args: {},
  };
}

/** Builds what is missing; the data of ten times the default size takes a minute or two. */
export async function transferImages(
  scenario: Scenario,
  size: Size,
  tools: ImageSpec,
  say: (line: string) => void,
): Promise<TransferImages> {
  const database = scenario.hosts(size).find(({ tier }) => tier === 'db')?.image;
  const databases = scenario.images(size).filter(({ name }) => name === database);
  const tags = await buildImages([...databases, INGRESS_IMAGE, tools], (_, line) => say(line));
  const tagOf = (name: string, release: 'old' | 'new'): string => tags.get(imageKey(name, release)) ?? '';
  return {
    old: tagOf(database ?? '', 'old'),
    new: tagOf(database ?? '', 'new'),
    driver: tagOf(INGRESS_IMAGE.name, INGRESS_IMAGE.release),
    tools: tagOf(tools.name, tools.release),
  };
}
