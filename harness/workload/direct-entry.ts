/** Clients that speak TLS with the system themselves: its name is theirs to resolve and its certificate theirs to verify. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The entry, as it is published. */
export interface DirectEntry {
  /** Name that its certificate must be for; it resolves to 127.0.0.1. */
  readonly serverName: string;
  /** Port of 127.0.0.1. */
  readonly port: number;
  /** PEM of the authority that clients trust. */
  readonly ca: string;
}

/** What k6 needs to find and verify the entry: files, which `remove` takes away again. */
export function writeDirectEntry({ serverName, port, ca }: DirectEntry): {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'upfault-direct-'));
  const [config, authority] = [path.join(folder, 'k6.json'), path.join(folder, 'ca.crt')];
  writeFileSync(config, JSON.stringify({ hosts: { [serverName]: `127.0.0.1:${port}` } }));
  writeFileSync(authority, ca);
  return {
    argv: [`--config=${config}`],
    environment: { SSL_CERT_FILE: authority, SSL_CERT_DIR: folder },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
