/** One upstream, how it is connected to, and why that can fail. */
import type { OnReadOpts } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { UpstreamAddress } from './protocol.ts';

/** A universe's entry, ready to be connected to. */
export interface Upstream {
  readonly address: UpstreamAddress;
  /** Made once: parsing the authority costs more than a request. */
  readonly secureContext: SecureContext;
}

/** @throws if the address is unusable or the authority is not PEM */
export function makeUpstream(address: UpstreamAddress): Upstream {
  const { host, port, serverName, ca } = address;
  if (!/^[\w.:-]+$/.test(host) || !/^[\w.-]+$/.test(serverName)) {
    throw new Error(`upstream ${host} as ${serverName}: a host and a server name are wanted`);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`upstream ${host}: port ${port} is not from 1 to 65535`);
  }
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error(`upstream ${host}: the authority is not PEM`);
  }
  return { address, secureContext: createSecureContext({ ca }) };
}

/** All connections are read into this, one after the other: a buffer made for each read costs more than a copy. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** Connects as clients do: verified, HTTP/1.1. @param onBytes - what arrives; the bytes may be kept */
export function connectTo({ address, secureContext }: Upstream, onBytes: (bytes: Buffer) => void): TLSSocket {
  // `onread` is documented for TLS, but missing in the types of its options.
  const options: ConnectionOptions & { readonly onread: OnReadOpts } = {
    host: address.host,
    port: address.port,
    servername: address.serverName,
    secureContext,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    onread: {
      buffer: READ_BUFFER,
      callback: (length) => {
        onBytes(Buffer.from(READ_BUFFER.subarray(0, length)));
        return true;
      },
    },
  };
  return connect(options);
}

const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  ECONNREFUSED: 'connect-refused',
  EHOSTUNREACH: 'connect-unreachable',
  ENETUNREACH: 'connect-unreachable',
  ETIMEDOUT: 'connect-timeout',
};

/** Names why no connection came about. @param reached - whether TCP had connected, so that TLS failed */
export function connectFailure(code: string | undefined, reached: boolean): string {
  return REASONS[code ?? ''] ?? (reached ? 'tls-failed' : 'connect-failed');
}
