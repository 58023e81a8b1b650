/**
 * The certificates of a trial: an authority of its own and what it signs. Made anew for each trial, so that
 * no private key outlives it. EC P-256, because making a key takes well under a millisecond.
 */
// The certificate library asks for this polyfill and must find it loaded.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificateSpec } from '../contract/scenario.ts';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A period in which a certificate is valid. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What a server's certificate says. */
export interface CertificateRequest extends Validity {
  readonly commonName: string;
  /** Host names and IPv4 addresses that clients may verify it against; at least one. */
  readonly alternativeNames: readonly string[];
}

/** A certificate with its private key, both PEM (the key as PKCS #8). */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that signs servers' certificates. Its own key never leaves the process. */
export interface Authority {
  /** The authority's certificate, PEM: what clients are given to trust. */
  readonly certificate: string;
  /**
   * Signs a new key for a server. A validity in the past is allowed: expired certificates are wanted.
   * @throws if there is no alternative name (clients ignore the common name), or the validity is empty
   */
  readonly issue: (request: CertificateRequest) => Promise<CertificateAndKey>;
}

/**
 * The validity of a trial's certificates: from a day ago, so that a host's clock running late does no harm, to
 * 30 days ahead, far beyond the longest trial.
 * @param nowMs - epoch milliseconds; certificates are verified against the wall clock
 */
export function trialValidity(nowMs = Date.now()): Validity {
  return { notBefore: new Date(nowMs - DAY_MS), notAfter: new Date(nowMs + 30 * DAY_MS) };
}

/** The validity of a certificate that was valid for 30 days, until yesterday. */
function expiredValidity(nowMs = Date.now()): Validity {
  return { notBefore: new Date(nowMs - 31 * DAY_MS), notAfter: new Date(nowMs - DAY_MS) };
}

/** Makes a new authority. Two authorities share a name and trust nothing of each other. */
export async function makeAuthority(validity: Validity = trialValidity()): Promise<Authority> {
  const keys = await makeKeys();
  const own = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: 'CN=upfault trial authority',
      ...validity,
      signingAlgorithm: KEY_ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return {
    certificate: pemText(own.toString('pem')),
    issue: async (request) => {
      rejectUnusable(request);
      const serverKeys = await makeKeys();
      const certificate = await X509CertificateGenerator.create(
        {
          serialNumber: serialNumber(),
          subject: [{ CN: [request.commonName] }],
          issuer: own.subjectName,
          notBefore: request.notBefore,
          notAfter: request.notAfter,
          signingAlgorithm: KEY_ALGORITHM,
          publicKey: serverKeys.publicKey,
          signingKey: keys.privateKey,
          extensions: [
            new BasicConstraintsExtension(false, undefined, true),
            new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
            new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
            new SubjectAlternativeNameExtension(request.alternativeNames.map(generalName)),
            await SubjectKeyIdentifierExtension.create(serverKeys.publicKey, false, webcrypto),
            await AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
          ],
        },
        webcrypto,
      );
      const key = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
      return {
        certificate: pemText(certificate.toString('pem')),
        key: pemText(PemConverter.encode(key, 'PRIVATE KEY')),
      };
    },
  };
}

/**
 * Makes all certificates of a trial under one new authority.
 * @returns PEM by file name: `ca.crt`, and `NAME.crt` and `NAME.key` for each specification
 * @throws if two specifications share a name, or one is named `ca`
 */
export async function makeCertificates(specs: readonly CertificateSpec[]): Promise<Record<string, string>> {
  const names = new Set(['ca']);
  for (const { name } of specs) {
    if (names.has(name)) {
      throw new Error(
        `make certificate ${name}: the name is taken; names are unique, and ca is the authority`,
      );
    }
    names.add(name);
  }
  const validity = trialValidity();
  const authority = await makeAuthority(validity);
  const files: Record<string, string> = { 'ca.crt': authority.certificate };
  for (const { name, commonName, alternativeNames, expired = false } of specs) {
    const { certificate, key } = await authority.issue({
      ...{ commonName, alternativeNames },
      ...(expired ? expiredValidity() : validity),
    });
    files[`${name}.crt`] = certificate;
    files[`${name}.key`] = key;
  }
  return files;
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** 15 random bytes after a fixed one, so that the number is positive and of one length. */
function serialNumber(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;
}

function generalName(name: string): JsonGeneralNames[number] {
  return IPV4.test(name) ? { type: 'ip', value: name } : { type: 'dns', value: name };
}

/** Some readers of PEM files want the last line ended; files are joined, too. */
function pemText(pem: string): string {
  return `${pem.trimEnd()}\n`;
}

function rejectUnusable({ commonName, alternativeNames, notBefore, notAfter }: CertificateRequest): void {
  if (alternativeNames.length === 0) {
    throw new Error(`issue certificate ${commonName}: no alternative name; clients verify no other`);
  }
  if (notBefore.getTime() >= notAfter.getTime()) {
    throw new Error(
      `issue certificate ${commonName}: valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}, which is never`,
    );
  }
}
