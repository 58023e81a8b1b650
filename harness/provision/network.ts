/**
 * Networks of our own: an internal one for each universe, without a way out, and an edge for what is published on this
 * machine: the ingress and, where clients go past it, a forwarder. Subnets are our own so that hosts keep their addresses when they are reinstalled.
 */
import { createHash } from 'node:crypto';
import type Dockerode from 'dockerode';
import { EngineError } from './engine.ts';

/** A network that was made. */
export interface MadeNetwork {
  readonly name: string;
  /** First three bytes of every address in it, such as `10.203.17`. */
  readonly prefix: string;
}

/** Where our subnets lie: 10.200.0.0/13, seldom used by others; a taken one is passed over. */
const FIRST_SECOND_BYTE = 200;
const SECOND_BYTES = 8;
const ATTEMPTS = 64;

/** Makes a network. `edge`: ports published from it appear on 127.0.0.1 only, and it does not masquerade. */
export async function makeNetwork(
  engine: Dockerode,
  name: string,
  kind: 'internal' | 'edge',
  labels: Readonly<Record<string, string>>,
): Promise<MadeNetwork> {
  let refusal: unknown;
  let called = name;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const prefix = candidatePrefix(name, attempt);
    try {
      await engine.createNetwork({
        Name: called,
        Driver: 'bridge',
        Internal: kind === 'internal',
        CheckDuplicate: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] },
        Labels: { ...labels },
        Options:
          kind === 'edge'
            ? {
                'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
                'com.docker.network.bridge.enable_ip_masquerade': 'false',
              }
            : {},
      });
      return { name: called, prefix };
    } catch (error) {
      // One of an interrupted attempt that the engine keeps, see `sweep.ts`: nothing is connected to it.
      if (/already exists/i.test(String(error))) called = `${name}.${attempt + 2}`;
      else if (!/overlap|conflicts? with|address already in use|Pool/i.test(String(error))) {
        throw new EngineError(`make network ${name}`, { cause: error });
      }
      refusal = error;
    }
  }
  throw new EngineError(`make network ${name}: no free subnet in ${ATTEMPTS} attempts within 10.200.0.0/13`, {
    cause: refusal,
  });
}

function candidatePrefix(name: string, attempt: number): string {
  const digest = createHash('sha256').update(`${name}/${attempt}`).digest();
  return `10.${FIRST_SECOND_BYTE + (digest.readUInt8(0) % SECOND_BYTES)}.${digest.readUInt8(1)}`;
}
