/** A web host: Apache httpd with static pages, the protected area, and the way to the application hosts. */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { WriteStep } from '../../../harness/contract/step.ts';
import type { HostName, Release } from '../../../harness/contract/topology.ts';
import { facts } from '../facts.ts';
import { stepsOf } from './host-steps.ts';
import { configuration } from './text.ts';

/** How `host` gets to `release`. */
export function webRecipe(host: HostName, release: Release, context: RecipeContext): HostRecipe {
  const steps = stepsOf(host, context);
  const { siteName, webPort, files, staticPath } = facts;
  const former = release === 'new' ? staticPath.old : staticPath.new;
  return {
    stop: [steps.service('stop')],
    install: [steps.install(release)],
    configure: [
      steps.write('write-certificate', `Give ${host} its certificate`, {
        path: '/etc/auction/tls/host.crt',
        content: `@@pem:${host}-${release}.crt@@\n`,
      }),
      steps.write('write-key', `Give ${host} its private key`, {
        path: '/etc/auction/tls/host.key',
        content: `@@pem:${host}-${release}.key@@\n`,
        mode: '0600',
      }),
      steps.write('write-authority', `Give ${host} the authority that its own check verifies with`, {
        path: '/etc/auction/tls/ca.crt',
        content: '@@pem:ca.crt@@\n',
      }),
      steps.write('write-site', `Write the site's configuration on ${host}`, {
        path: files.site,
        content: configuration(release, 'web/site.conf', {
          host,
          siteName,
          port: webPort,
          staticPath: staticPath[release],
          adminPath: facts.adminPath,
          cachePath: facts.pageCache.directory,
          seedDevice: facts.seedDevice,
        }),
      }),
      writeMembers(host, 'write-members', `List the application hosts on ${host}`, context),
      steps.exec('write-htpasswd', `Set the administrator's password on ${host}`, [
        ...['sh', '-c', PASSWORD_SCRIPT, 'write-htpasswd', '@@secret:admin-password@@'],
      ]),
      // Answers that the former release gave would else be given again; a new host needs the directory.
      steps.exec('clear-cache', `Clear the page cache of ${host}`, [
        ...['sh', '-c', CLEAR_SCRIPT, 'clear-cache', facts.pageCache.directory],
      ]),
      steps.put(
        'put-content',
        `Copy the static pages to ${host}`,
        `scenarios/auction/content/${release}`,
        staticPath[release],
      ),
    ],
    start: [steps.service('start')],
    check: [
      steps.check([
        ...['curl', '-fsS', '-o', '/dev/null', '--max-time', '2', '--cacert', '/etc/auction/tls/ca.crt'],
        ...[
          '--resolve',
          `${host}.${siteName}:${webPort}:127.0.0.1`,
          `https://${host}.${siteName}:${webPort}/healthz`,
        ],
      ]),
    ],
    repoint: [],
    clean: [
      steps.exec(
        'clean-static',
        `Remove the ${release === 'new' ? 'old' : 'new'} release's static pages from ${host}`,
        ['rm', '-rf', former],
      ),
    ],
  };
}

/** Writes a web host's list of application hosts as the plan knows them at this point: ports, and who is drained. */
export function writeMembers(
  host: HostName,
  action: string,
  title: string,
  context: RecipeContext,
): WriteStep {
  const appHosts = context.hosts('app').map((app) => ({
    host: app,
    port: facts.appPort[context.releaseOf(app)],
    drained: context.drained(app),
  }));
  // The list has the format of the server that reads it.
  const release = context.releaseOf(host);
  return stepsOf(host, context).write(action, title, {
    path: facts.files.members,
    content: configuration(release, 'web/members.conf', { appHosts }),
  });
}

/** The password reaches htpasswd by standard input; only its bcrypt hash is stored, for the server's user. */
const PASSWORD_SCRIPT =
  'set -e; printf %s "$1" | htpasswd -ciB /etc/auction/htpasswd admin; chown root:www-data /etc/auction/htpasswd; chmod 0640 /etc/auction/htpasswd';

const CLEAR_SCRIPT = 'rm -rf "$1" && install -d -o www-data -g www-data -m 0700 "$1"';
