/** What placeholders stand for in one trial. Given to the upgrader over a pipe; never written to a file. */

import type { Release, Universe } from '../contract/topology.ts';
import type { DriverMachine } from '../imago/driver-host.ts';
import { imageKey, type UniverseMap } from '../provision/universe.ts';

/** Where Imago's machines are; the driver's is made with the first step that needs it. */
export interface ImagoBindings {
  /** Container of the ingress. */
  readonly ingress: string;
  readonly machine: DriverMachine;
}

/** Everything that a plan leaves open. Plain data. */
export interface Bindings {
  readonly universes: Readonly<Partial<Record<Universe, UniverseMap>>>;
  /** Image tag by `NAME:RELEASE`. */
  readonly images: Readonly<Record<string, string>>;
  /** Random for each trial. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Certificates and keys in PEM, by `NAME.crt` and `NAME.key`. */
  readonly pems: Readonly<Record<string, string>>;
  /** The ingress, which every trial has, and where Imago's driver has its machine once there is a parallel universe. */
  readonly imago: ImagoBindings;
  /** Start of the trial on the monotonic clock, in nanoseconds. */
  readonly startNs: string;
}

/** A placeholder that nothing stands for, or a host that is not there. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
}

/** The universe of a step. */
export function universeOf(bindings: Bindings, universe: Universe): UniverseMap {
  const map = bindings.universes[universe];
  if (map === undefined) throw new BindingError(`universe ${universe}: was not provisioned in this trial`);
  return map;
}

/** The image of a host's release. */
export function imageOf(bindings: Bindings, image: string, release: Release): string {
  const tag = bindings.images[imageKey(image, release)];
  if (tag === undefined) {
    throw new BindingError(
      `image ${imageKey(image, release)}: not built; there are ${Object.keys(bindings.images).join(', ')}`,
    );
  }
  return tag;
}

/** Fills in the placeholders of a text: `@@address:NAME@@`, `@@secret:NAME@@`, `@@pem:NAME@@`. */
export function fillIn(text: string, universe: Universe, bindings: Bindings): string {
  return text.replaceAll(/@@(\w+):([\w.-]+)@@/g, (placeholder, kind: string, name: string) => {
    const tables: Record<string, Readonly<Record<string, string>>> = {
      address: universeOf(bindings, universe).addresses,
      secret: bindings.secrets,
      pem: bindings.pems,
    };
    const value = tables[kind]?.[name];
    if (value === undefined)
      throw new BindingError(`placeholder ${placeholder}: nothing stands for it in universe ${universe}`);
    return value;
  });
}

/** Fills in the placeholders of every text in an entry. */
export function filledIn<T extends object>(entry: T, universe: Universe, bindings: Bindings): T {
  const values = Object.entries(entry).map(([name, value]) => [
    name,
    typeof value === 'string' ? fillIn(value, universe, bindings) : value,
  ]);
  return Object.fromEntries(values) as T;
}
