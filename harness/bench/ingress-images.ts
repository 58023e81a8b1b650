/** Images that only the ingress benchmark needs: built when it is first run, not by set-up. */
import type { ImageSpec } from '../contract/topology.ts';
import { INGRESS_IMAGE } from '../imago/ingress-image.ts';
import { imageKey } from '../provision/universe.ts';
import { buildImages } from '../setup/image-build.ts';

/** Tags of the images of the stand. */
export interface StandImages {
  readonly ingress: string;
  readonly haproxy: string;
  readonly origin: string;
  readonly load: string;
}

const FILES = { haproxy: ['haproxy.cfg'], origin: ['nginx.conf'], load: ['load.lua'] } as const;

/** Builds what is missing. */
export async function standImages(say: (line: string) => void): Promise<StandImages> {
  const specs = [INGRESS_IMAGE, ...Object.keys(FILES).map((name) => specOf(name as keyof typeof FILES))];
  const tags = await buildImages(specs, (_, line) => say(line));
  const tagOf = ({ name, release }: ImageSpec): string => tags.get(imageKey(name, release)) ?? '';
  return {
    ingress: tagOf(INGRESS_IMAGE),
    haproxy: tagOf(specOf('haproxy')),
    origin: tagOf(specOf('origin')),
    load: tagOf(specOf('load')),
  };
}

function specOf(name: keyof typeof FILES): ImageSpec {
  return {
    name: `bench-${name}`,
    release: 'new',
    suite: 'trixie',
    dockerfile: `docker/bench/${name}.Dockerfile`,
    context: FILES[name].map((file) => ({ kind: 'copy', from: `docker/bench/${file}`, to: file })),
    args: {},
  };
}
