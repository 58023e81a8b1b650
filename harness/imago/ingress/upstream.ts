/** One upstream, and why a connection to it can fail. */
import { createSecureContext, type SecureContext } from 'node:tls';
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
