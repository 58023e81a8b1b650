import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { liveCampaigns } from '../../harness/provision/live-campaigns.ts';
import { ownIdentity } from '../../harness/provision/owner.ts';

const [pid, , boot, uid, namespace] = ownIdentity().split(':');
/** Of another user, so that whether it runs cannot be told. */
const OTHER = `7:1:${boot}:${uid}1:${namespace}`;
const DEAD = `${pid}:1:${boot}:${uid}:${namespace}`;

describe('campaigns that run on the engine', () => {
  it('are those of other processes that may be alive, each once', async () => {
    const owners = { theirs: [OTHER, OTHER], single: [OTHER], mine: [ownIdentity()], left: [DEAD] };
    const containers = Object.entries(owners).flatMap(([upfault, each]) =>
      each.map((owner) => ({ Labels: { upfault, 'upfault.owner': owner } })),
    );
    const engine = { listContainers: async () => containers } as unknown as Dockerode;
    expect(await liveCampaigns(engine)).to.deep.equal([
      'campaign theirs (process 7, 2 containers)',
      'campaign single (process 7, 1 container)',
    ]);
  });
});
