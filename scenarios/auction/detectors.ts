/** Tools that every operator of the auction has at hand; each prints what it complains of, a line each. */
import { readFileSync } from 'node:fs';
import type { Detector } from '../../harness/contract/detector.ts';
import { facts } from './facts.ts';

const { files, services } = facts;
const VERIFY = tool('package-manager');
/** Print the files that the web server's and the application's configuration have them load. */
const MODULES = "cat /etc/apache2/mods-enabled/*.load | sed -nE 's/^LoadModule +[^ ]+ +//p'";
const LIBRARY = `sed -nE 's/.*"digestLibrary": *"([^"]*)".*/\\1/p' ${files.app}`;

/** The package manager, the dynamic linker, and each server's test of its configuration. */
export const detectors: readonly Detector[] = [
  {
    name: 'package-manager',
    summary: 'dpkg --verify',
    commands: { lb: VERIFY, web: VERIFY, app: VERIFY, db: VERIFY },
  },
  {
    name: 'loader',
    summary: 'ldd on the server’s executable, its modules and libraries',
    commands: {
      lb: tool('loader', services.lb.executable),
      web: tool('loader', services.web.executable, MODULES),
      app: tool('loader', services.app.executable, LIBRARY),
      db: tool('loader', services.db.executable),
    },
  },
  {
    name: 'configuration-test',
    summary: 'apachectl -t, haproxy -c, mariadbd --verbose --help, the application’s --check',
    commands: {
      lb: tool('haproxy-test', files.balancer),
      web: tool('apachectl-test'),
      app: tool('application-test', files.app),
      db: tool('mariadbd-test'),
    },
  },
];

function tool(name: string, ...words: readonly string[]): readonly string[] {
  return ['sh', '-c', text(name), name, ...words];
}

function text(name: string): string {
  return readFileSync(new URL(`detectors/${name}.sh`, import.meta.url), 'utf8');
}
