/** Which images the testbed needs. */
import type { ImageSpec, Size } from '../contract/topology.ts';
import { INGRESS_IMAGE } from '../imago/ingress-image.ts';

/** Size that set-up prepares for; other sizes are built when a run asks for them. */
export const DEFAULT_SIZE: Size = { hosts: 2, scale: 0.02 };

/** The images of all scenarios at a size, and the testbed's own. */
export function projectImages(_size: Size): readonly ImageSpec[] {
  return [INGRESS_IMAGE];
}
