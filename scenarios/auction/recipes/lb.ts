/** A balancer: HAProxy between the clients and the web hosts. */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { HostName, Release } from '../../../harness/contract/topology.ts';
import { facts } from '../facts.ts';
import { stepsOf } from './host-steps.ts';
import { configuration } from './text.ts';

/** How `host` gets to `release`. */
export function lbRecipe(host: HostName, release: Release, context: RecipeContext): HostRecipe {
  const steps = stepsOf(host, context);
  const { siteName, webPort, files } = facts;
  const webHosts = context.hosts('web').map((web) => ({ host: web, port: webPort }));
  return {
    stop: [steps.service('stop')],
    install: [steps.install(release)],
    configure: [
      steps.write('write-authority', `Give ${host} the authority that web hosts are verified with`, {
        path: '/etc/auction/tls/ca.crt',
        content: '@@pem:ca.crt@@\n',
      }),
      steps.write('write-certificate', `Give ${host} the site's certificate`, {
        path: '/etc/auction/tls/site.pem',
        content: `@@pem:site-${release}.crt@@\n@@pem:site-${release}.key@@\n`,
        mode: '0600',
      }),
      steps.write('write-balancer', `Write the balancer's configuration on ${host}`, {
        path: files.balancer,
        content: configuration(release, 'lb/haproxy.cfg', { siteName, webHosts }),
      }),
    ],
    start: [steps.service('start')],
    check: [
      steps.check([
        ...['curl', '-fsS', '-o', '/dev/null', '--max-time', '2', '--cacert', '/etc/auction/tls/ca.crt'],
        ...['--resolve', `${siteName}:443:127.0.0.1`, `https://${siteName}/healthz`],
      ]),
    ],
    repoint: [],
    clean: [],
  };
}
