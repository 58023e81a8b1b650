/** The image of the ingress interceptor. */
import type { ImageSpec } from '../contract/topology.ts';

/** One image under every approach: the interceptor belongs to no release, and is built as the old one's. */
export const INGRESS_IMAGE: ImageSpec = {
  name: 'ingress',
  release: 'old',
  suite: 'bookworm',
  dockerfile: 'docker/ingress/Dockerfile',
  context: [
    { kind: 'node-binary', to: 'node' },
    { kind: 'copy', from: 'docker/ingress/machine.sh', to: 'machine.sh' },
    { kind: 'bundle', entry: 'harness/imago/ingress/main.ts', to: 'ingress.js', node: 24 },
    { kind: 'bundle', entry: 'harness/imago/ingress/command-bridge.ts', to: 'ingress-command.js', node: 24 },
    { kind: 'bundle', entry: 'harness/imago/ingress/forwarder.ts', to: 'forwarder.js', node: 24 },
    { kind: 'bundle', entry: 'harness/imago/driver/main.ts', to: 'driver.js', node: 24 },
    { kind: 'bundle', entry: 'harness/imago/testing/main.ts', to: 'tester.js', node: 24 },
  ],
  args: {},
};
