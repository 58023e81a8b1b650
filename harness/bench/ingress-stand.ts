/**
 * The stand on which the ingress interceptor is measured: an origin, HAProxy, the interceptor, the load tool and
 * a reader of mirrored requests, each in a container of its own on one internal network. What is measured has a
 * core of its own; all else shares the others.
 */
import { availableParallelism } from 'node:os';
import type Dockerode from 'dockerode';
import { connectIngress, type IngressControl } from '../imago/ingress-control.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { makeAuthority, trialValidity } from '../provision/certificates.ts';
import { openChannel } from '../provision/channel.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../provision/engine.ts';
import { guarded } from '../provision/guarded.ts';
import { HostContainer } from '../provision/host-container.ts';
import { makeNetwork } from '../provision/network.ts';
import { ownIdentity } from '../provision/owner.ts';
import { HostShell } from '../provision/shell.ts';
import type { StandImages } from './ingress-images.ts';

const SITE = 'origin.test';
const PORT = 8080;
const SINK_PORT = 9000;
const MEMORY_MB = 512;
const UP_TIMEOUT_MS = 15_000;

/** A host of the stand, with its address number. */
const NUMBERS = { origin: 11, haproxy: 12, ingress: 10, load: 13, sink: 14 } as const;
export type StandHost = keyof typeof NUMBERS;

/** Cores for the hosts of the stand, as the engine takes them. */
export interface Cores {
  /** The interceptor or HAProxy: they are never measured at the same time. */
  readonly measured: string;
  readonly origin: string;
  readonly load: string;
}

/** A stand that runs. */
export interface Stand {
  readonly cores: Cores;
  readonly control: IngressControl;
  /** Runs commands beside the load tool. */
  readonly shell: HostShell;
  /** Where load goes, for each way to the origin. */
  readonly urls: Readonly<Record<'direct' | 'haproxy' | 'ingress', string>>;
  /** Where the mirror's reader listens. */
  readonly sink: { readonly host: string; readonly port: number };
  /** CPU time that a host's container has used, in seconds. */
  readonly cpuS: (host: StandHost) => Promise<number>;
}

/** A host bound to cores. */
class PinnedContainer extends HostContainer {
  pinned(cores: string): this {
    this.hostConfig.CpusetCpus = cores;
    this.hostConfig.Init = true;
    return this;
  }
}

/** @throws with one core: what is measured would compete with what measures */
export function coresOf(count: number): Cores {
  if (count < 2) {
    throw new Error(`bench ingress: ${count} core: at least 2 are wanted, one of them for what is measured`);
  }
  return count === 2
    ? { measured: '0', origin: '1', load: '1' }
    : { measured: '0', origin: '1', load: `2-${count - 1}` };
}

/** Brings the stand up, uses it, and removes it whatever happens. */
export async function withStand<T>(
  engine: Dockerode,
  images: StandImages,
  use: (stand: Stand) => Promise<T>,
): Promise<T> {
  const cores = coresOf(availableParallelism());
  const campaign = uniqueCampaign('bench-ingress');
  return guarded(engine, 'bench ingress', campaign, async () =>
    use(await bringUp(engine, images, cores, campaign)),
  );
}

async function bringUp(
  engine: Dockerode,
  images: StandImages,
  cores: Cores,
  campaign: string,
): Promise<Stand> {
  const labels = { [CAMPAIGN_LABEL]: campaign, [OWNER_LABEL]: ownIdentity() };
  const network = await makeNetwork(engine, `upfault-${campaign}`, 'internal', labels);
  const addressOf = (host: StandHost): string => `${network.prefix}.${NUMBERS[host]}`;
  const nameOf = (host: StandHost): string => `${network.name}-${host}`;
  const make = (host: StandHost, image: string, onCores: string): PinnedContainer =>
    new PinnedContainer(image)
      .withName(nameOf(host))
      .withLabels(labels)
      .onNetwork(network.name, addressOf(host))
      // What limits is the core that it is bound to: a quota beside that would only stall it.
      .limited(availableParallelism(), MEMORY_MB)
      .pinned(onCores);

  const authority = await makeAuthority();
  const { certificate, key } = await authority.issue({
    commonName: SITE,
    alternativeNames: [SITE],
    ...trialValidity(),
  });
  await make('origin', images.origin, cores.origin)
    .withCopyContentToContainer([
      { content: certificate, target: '/etc/nginx/origin.crt' },
      { content: key, target: '/etc/nginx/origin.key' },
    ])
    .startUnwatched();
  await make('haproxy', images.haproxy, cores.measured)
    .withEnvironment({ ORIGIN: addressOf('origin') })
    .withCopyContentToContainer([{ content: authority.certificate, target: '/etc/haproxy/ca.pem' }])
    .startUnwatched();
  await make('ingress', images.ingress, cores.measured).startUnwatched();
  await make('load', images.load, cores.load).startUnwatched();
  await make('sink', images.load, cores.load)
    .withCommand(['socat', '-u', '-b', '262144', `TCP-LISTEN:${SINK_PORT},fork,reuseaddr`, 'OPEN:/dev/null'])
    .startUnwatched();

  const control = await untilUp('the interceptor', async () => {
    const made = await connectIngress((argv) => openChannel(engine, nameOf('ingress'), argv));
    await made.upstream({
      host: addressOf('origin'),
      port: 443,
      serverName: SITE,
      ca: authority.certificate,
    });
    return made;
  });
  return {
    cores,
    control,
    shell: await HostShell.open(engine, nameOf('load')),
    urls: {
      direct: `https://${addressOf('origin')}:443/page`,
      haproxy: `http://${addressOf('haproxy')}:${PORT}/page`,
      ingress: `http://${addressOf('ingress')}:${PORT}/page`,
    },
    sink: { host: addressOf('sink'), port: SINK_PORT },
    cpuS: async (host) => {
      const stats = await engine.getContainer(nameOf(host)).stats({ stream: false, 'one-shot': true });
      return stats.cpu_stats.cpu_usage.total_usage / 1e9;
    },
  };
}

/** Repeats what fails while something comes up. */
async function untilUp<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  const untilNs = process.hrtime.bigint() + BigInt(UP_TIMEOUT_MS) * 1_000_000n;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (process.hrtime.bigint() > untilNs) {
        throw new Error(`bench ingress: ${what} is not up after ${UP_TIMEOUT_MS} ms`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
