import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect } from 'chai';
import { makeAuthority, makeCertificates, trialValidity } from '../../harness/provision/certificates.ts';

const SITE = { name: 'site', commonName: 'auction.test', alternativeNames: ['auction.test', '10.0.0.7'] };

/** Serves the certificate, connects as a client that verifies it, and tells the client's error code. */
async function handshake(
  cert: string,
  key: string,
  ca: string,
  servername: string,
): Promise<string | undefined> {
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((settle) => {
      const socket = connect({ host: '127.0.0.1', port, ca, servername });
      socket.once('secureConnect', () => settle(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code));
      socket.once('close', () => socket.destroy());
      socket.once('secureConnect', () => socket.end());
    });
  } finally {
    server.close();
  }
}

describe('certificates', () => {
  it('makes the files of a trial: authority, certificates, keys', async () => {
    const files = await makeCertificates([SITE, { ...SITE, name: 'new-site' }]);
    expect(Object.keys(files).sort()).to.deep.equal([
      'ca.crt',
      'new-site.crt',
      'new-site.key',
      'site.crt',
      'site.key',
    ]);
    for (const pem of Object.values(files)) {
      expect(pem).to.match(/^-----BEGIN [A-Z ]+-----\n[A-Za-z0-9+/=\n]+\n-----END [A-Z ]+-----\n$/);
    }
    const certificate = new X509Certificate(files['site.crt'] ?? '');
    expect(certificate.checkPrivateKey(createPrivateKey(files['site.key'] ?? ''))).to.equal(true);
    expect(certificate.verify(new X509Certificate(files['ca.crt'] ?? '').publicKey)).to.equal(true);
    expect(certificate.checkHost('auction.test')).to.equal('auction.test');
    expect(certificate.checkIP('10.0.0.7')).to.equal('10.0.0.7');
    expect(certificate.subject).to.equal('CN=auction.test');
    const days = (certificate.validToDate.getTime() - Date.now()) / 86_400_000;
    expect(days).to.be.within(29.9, 30.1);
    expect(certificate.validFromDate.getTime()).to.be.below(Date.now());
  });

  it('is accepted by a TLS client that trusts the authority, for its names only', async () => {
    const files = await makeCertificates([SITE]);
    const [cert, key, ca] = [files['site.crt'] ?? '', files['site.key'] ?? '', files['ca.crt'] ?? ''];
    expect(await handshake(cert, key, ca, 'auction.test')).to.equal(undefined);
    expect(await handshake(cert, key, ca, 'other.test')).to.equal('ERR_TLS_CERT_ALTNAME_INVALID');
    const stranger = await makeAuthority();
    expect(await handshake(cert, key, stranger.certificate, 'auction.test')).to.match(
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE|UNABLE_TO_GET_ISSUER_CERT/,
    );
  });

  it('issues certificates that have expired, which clients refuse', async () => {
    const authority = await makeAuthority();
    const { certificate, key } = await authority.issue({
      commonName: 'auction.test',
      alternativeNames: ['auction.test'],
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2020-02-01T00:00:00Z'),
    });
    expect(await handshake(certificate, key, authority.certificate, 'auction.test')).to.equal(
      'CERT_HAS_EXPIRED',
    );
  });

  it('refuses what could never be verified', async () => {
    const authority = await makeAuthority();
    const { notBefore, notAfter } = trialValidity();
    const refused = async (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    expect(
      await refused(authority.issue({ commonName: 'a', alternativeNames: [], notBefore, notAfter })),
    ).to.contain('no alternative name');
    expect(
      await refused(
        authority.issue({ commonName: 'a', alternativeNames: ['a'], notBefore: notAfter, notAfter }),
      ),
    ).to.contain('never');
    expect(await refused(makeCertificates([SITE, SITE]))).to.contain('taken');
    expect(await refused(makeCertificates([{ ...SITE, name: 'ca' }]))).to.contain('taken');
  });
});
