/** An application host: Node.js with the auction's application. */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { Step } from '../../../harness/contract/step.ts';
import type { HostName, Release } from '../../../harness/contract/topology.ts';
import { facts } from '../facts.ts';
import { stepsOf } from './host-steps.ts';
import { configuration } from './text.ts';
import { writeMembers } from './web.ts';

/** How `host` gets to `release`. */
export function appRecipe(host: HostName, release: Release, context: RecipeContext): HostRecipe {
  const steps = stepsOf(host, context);
  const { appPort, appData, account, database, files, nativeAddon, seedDevice } = facts;
  const former = appData[release === 'new' ? 'old' : 'new'];
  return {
    stop: [steps.service('stop')],
    install: [steps.install(release)],
    configure: [
      ...(release === 'new'
        ? [
            steps.exec('shut-port', `Shut the port of ${host} while it is set up`, [
              'nft',
              shutting(appPort.new),
            ]),
          ]
        : []),
      steps.exec('make-data-directory', `Make the application's data directory on ${host}`, [
        ...['install', '-d', '-o', 'auction', '-g', 'auction', '-m', '0750', appData[release]],
      ]),
      steps.write('write-config', `Write the application's configuration on ${host}`, {
        path: files.app,
        content: configuration(release, 'app/app.json', {
          host,
          port: appPort[release],
          primary: facts.databaseAddress,
          account: account[release],
          database,
          poolSize: facts.poolConnections,
          nativeAddon,
          seedDevice,
        }),
        mode: '0640',
        owner: 'root:auction',
      }),
    ],
    start: [
      steps.service('start'),
      ...(release === 'new' ? [steps.exec('open-port', `Open the port of ${host}`, ['nft', OPENING])] : []),
    ],
    check: [
      steps.check([
        'curl',
        '-fsS',
        '-o',
        '/dev/null',
        '--max-time',
        '2',
        `http://127.0.0.1:${appPort[release]}/healthz`,
      ]),
    ],
    repoint: context.hosts('web').flatMap((web) => repoint(web, host, context)),
    clean: [
      steps.exec(
        'clean-data',
        `Remove the ${release === 'new' ? 'old' : 'new'} release's data directory from ${host}`,
        ['rm', '-rf', former],
      ),
    ],
  };
}

/**
 * A host that is being set up is shut to all others until its application listens: whoever still has it in a list shall not meet one
 * that is half configured. A host of the old release is brought up while there are no clients, or brought back in a hurry.
 */
function shutting(port: number): string {
  return [
    'add table inet maintenance',
    'add chain inet maintenance input { type filter hook input priority 0; }',
    `add rule inet maintenance input iifname != "lo" tcp dport ${port} counter drop`,
  ].join('; ');
}

/** Made first, so that what is gone already, as after an interruption, is no error. */
const OPENING = 'add table inet maintenance; delete table inet maintenance';

/**
 * Points a web host to the application host's port. It rests meanwhile, so that it can be restarted at once: after a
 * graceful reload httpd is now and then deaf for a second, because it looks only once a second whether its former
 * processes have ended.
 */
function repoint(web: HostName, app: HostName, context: RecipeContext): Step[] {
  const rotate = (action: 'drain' | 'enable'): Step[] =>
    context.drained(web)
      ? []
      : [
          {
            kind: 'parallel',
            id: `${web}/${action}-for-${app}`,
            title: action === 'drain' ? `Let ${web} rest while it reloads` : `Put ${web} back into rotation`,
            universe: context.universe,
            steps: context
              .hosts('lb')
              .map((balancer) =>
                stepsOf(balancer, context).exec(
                  `${action}-${web}-for-${app}`,
                  `${balancer}: ${action} ${web}`,
                  ['member', web, action === 'drain' ? 'drain' : 'ready'],
                ),
              ),
          },
        ];
  return [
    writeMembers(web, `repoint-${app}`, `Point ${web} to the port that ${app} listens on now`, context),
    ...rotate('drain'),
    stepsOf(web, context).service('reload', ['service-control', 'httpd', 'restart'], `-for-${app}`),
    ...rotate('enable'),
  ];
}
