/** Node.js 24, which the launcher has found already: nothing runs without it. */
import type { Part } from './part.ts';
import { SetUpError } from './set-up-error.ts';

const NEEDED_MAJOR = 24;

/** The runtime of the testbed itself. */
export const nodePart: Part = {
  name: 'Node.js',
  check: async () => ({
    ready: Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR,
    detail: `${process.version} at ${process.execPath}`,
  }),
  provide: async () => {
    throw new SetUpError(
      `set up Node.js: this is ${process.version}, >= ${NEEDED_MAJOR} is needed; start with ./upfault, which finds it`,
    );
  },
};
