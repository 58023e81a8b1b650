import { expect } from 'chai';
import { containersOf } from '../../harness/trial/system.ts';

type Contained = Parameters<typeof containersOf>[0];

const system = (over: object) =>
  ({
    old: { containers: { web1: 'old-web1' } },
    ingressContainer: 'the-ingress',
    bindings: { imago: { machine: { container: 'the-driver' } } },
    ...over,
  }) as unknown as Contained;

describe('containers that are watched', () => {
  it('are the hosts and the ingress, and of a parallel universe its hosts and the driver', () => {
    const beside = system({ fresh: { containers: { web1: 'new-web1' } } });
    expect(containersOf(beside)).to.deep.equal({
      ...{ web1: 'old-web1', 'new/web1': 'new-web1', driver: 'the-driver', ingress: 'the-ingress' },
    });
  });

  it('have the forwarder in the ingress’ place where that carries the load', () => {
    expect(containersOf(system({ forwarderContainer: 'the-forwarder' }))).to.deep.equal({
      ...{ web1: 'old-web1', ingress: 'the-forwarder' },
    });
  });
});
