/** Which images the testbed needs. */

import { scenarios } from '../../scenarios/catalogue.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { ImageSpec, Size } from '../contract/topology.ts';
import { INGRESS_IMAGE } from '../imago/ingress-image.ts';

/** Size that set-up prepares for unless it is told another. */
export const DEFAULT_SIZE: Size = { hosts: 2, scale: 0.02 };

/** The images of all scenarios at a size, and the testbed's own. */
export function projectImages(size: Size): readonly ImageSpec[] {
  const all: readonly Scenario[] = Object.values(scenarios);
  return [INGRESS_IMAGE, ...all.flatMap((scenario) => scenario.images(size))];
}
