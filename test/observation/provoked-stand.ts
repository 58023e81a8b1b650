/** A system to be provoked that is only answers: of a site on the loopback interface, and of hosts that are told what to say. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../../harness/contract/exchange.ts';
import type { Step } from '../../harness/contract/step.ts';
import type { HostName } from '../../harness/contract/topology.ts';
import type { Provoked } from '../../harness/observation/provocation-acts.ts';
import type { UniverseMap } from '../../harness/provision/universe.ts';
import type { World } from '../../harness/upgrader/execute.ts';

/** What a host answers to a command: an exit code and what it says. */
export type Answer = readonly [exitCode: number, said: string];

/** The stand: two web hosts and two databases, each with a service that can be stopped, started and checked. */
export interface Stand {
  readonly provoked: Provoked;
  /** Commands that hosts were given, as `HOST ARGV`. */
  readonly asked: string[];
  /** What the site answers to a path, given the cookie that came with it: a status and a body. */
  site: (path: string, cookie: string) => readonly [status: number, body: string];
  hosts: (host: HostName, command: string) => Answer;
  close(): Promise<void>;
}

const HOSTS: readonly HostName[] = ['web1', 'web2', 'db1', 'db2'];

const WALK: Exchange = {
  method: 'GET',
  path: '/walk',
  expect: { status: 200, contains: ['welcome'] },
};

/** Brings the stand up: sound until it is told otherwise. */
export async function startStand(): Promise<Stand> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const [status, body] = stand.site(request.url ?? '', request.headers.cookie ?? '');
    response.writeHead(status, { 'set-cookie': 'who=me; Path=/' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serving = {
    universe: 'old',
    specs: Object.fromEntries(HOSTS.map((name) => [name, { name, tier: name.slice(0, -1), volumes: [] }])),
    containers: {},
    addresses: {},
  } as unknown as UniverseMap;
  const world = {
    bindings: { universes: { old: serving }, secrets: {}, pems: {}, images: {}, startNs: '0' },
    hosts: {
      exec: async (_: unknown, host: HostName, argv: readonly string[]) => {
        const command = argv.join(' ');
        asked.push(`${host} ${command}`);
        const [exitCode, said] = stand.hosts(host, command);
        return { exitCode, stdout: exitCode === 0 ? said : '', stderr: exitCode === 0 ? '' : said };
      },
      isRunning: async () => true,
    },
    nowMs: () => performance.now(),
  } as unknown as World;
  const restartSteps = (host: HostName): Step[] => {
    const base = { universe: 'old' as const, host };
    const service = (action: 'stop' | 'start'): Step => ({
      ...{ kind: 'service', id: `${host}/${action}`, title: action, service: 'httpd', action },
      ...{ ...base, argv: [action] },
    });
    const check: Step = {
      ...{ kind: 'check', id: `${host}/check`, title: 'check', gate: 'health' },
      ...{ ...base, argv: ['check'], timeoutMs: 0 },
    };
    return [service('stop'), service('start'), check];
  };
  const { port } = server.address() as AddressInfo;
  const stand: Stand = {
    provoked: {
      ...{ site: port, smoke: [WALK], serving, world, restartSteps, sessions: new Map() },
      failOver: (_, to) => [
        {
          ...{ kind: 'exec', id: `${to}/take-over`, title: 'take over', universe: 'old', host: to },
          argv: ['take-over'],
        },
      ],
    },
    asked,
    site: () => [200, 'welcome'],
    hosts: () => [0, ''],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stand;
}
