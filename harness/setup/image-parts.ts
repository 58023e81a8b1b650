/** The images of the testbed and its scenarios as parts of set-up, one part an image. */
import type { ImageSpec } from '../contract/topology.ts';
import { connectEngine } from '../provision/engine.ts';
import { inspectImage } from './base-images.ts';
import { buildImage, planImage } from './image-build.ts';
import type { Part } from './part.ts';
import { SetUpError } from './set-up-error.ts';

/** Parts for these images. */
export function imageParts(images: readonly ImageSpec[]): readonly Part[] {
  return images.map((spec) => ({
    name: `image ${spec.name} ${spec.release}`,
    check: async () => {
      const engine = await connectEngine();
      try {
        const { tag } = await planImage(engine, spec);
        const ready = (await inspectImage(engine, tag)) !== undefined;
        return { ready, detail: ready ? tag : `no image ${tag}` };
      } catch (error) {
        if (error instanceof SetUpError) return { ready: false, detail: error.message };
        throw error;
      }
    },
    provide: async (say) => {
      const engine = await connectEngine();
      const planned = await planImage(engine, spec);
      say(`building ${planned.tag}`);
      await buildImage(engine, planned);
    },
  }));
}
