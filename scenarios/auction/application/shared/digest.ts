/** Digests of passwords, made by a native library that is built for one major version of Node.js. */
import { createRequire } from 'node:module';
import { ConfigurationError } from './configuration.ts';

/** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export type Digest = (text: string) => string;

/**
 * Loads the library; nothing stands in for it. What the loader says goes into the one line that is told at a failed
 * start, such as which version of Node.js the library was built for.
 */
export function digestFrom(library: string): Digest {
  try {
    return (createRequire(library)(library) as { digest: Digest }).digest;
  } catch (error) {
    throw new ConfigurationError(`digestLibrary: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
}
