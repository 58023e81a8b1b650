/** The steps of one host's recipe, with ids `HOST/ACTION` that are the same under every approach. */
import type { RecipeContext } from '../../../harness/contract/scenario.ts';
import type {
  CheckStep,
  ExecStep,
  InstallStep,
  PutStep,
  ServiceStep,
  SqlStep,
  WriteStep,
} from '../../../harness/contract/step.ts';
import type { HostName, Release } from '../../../harness/contract/topology.ts';
import { facts } from '../facts.ts';
import { tierOf } from '../hosts.ts';

/** Time in which a started host must pass its health check. */
const CHECK_LIMIT_MS = 10_000;

/** A file to be written; readable by everybody unless it says otherwise. */
export interface FileText {
  readonly path: string;
  readonly content: string;
  readonly mode?: string;
  readonly owner?: string;
}

/** Makers of the steps on one host. */
export interface HostSteps {
  readonly install: (release: Release) => InstallStep;
  readonly write: (action: string, title: string, file: FileText) => WriteStep;
  readonly put: (action: string, title: string, artifact: string, path: string) => PutStep;
  readonly exec: (action: string, title: string, argv: readonly string[]) => ExecStep;
  readonly sql: (action: string, title: string, statements: string) => SqlStep;
  readonly service: (action: ServiceStep['action'], argv?: readonly string[], reason?: string) => ServiceStep;
  readonly check: (argv: readonly string[]) => CheckStep;
}

/** Steps of `host` in the context's universe. */
export function stepsOf(host: HostName, context: RecipeContext): HostSteps {
  const base = (action: string, title: string) => ({
    id: `${host}/${action}`,
    title,
    universe: context.universe,
    host,
  });
  const service = facts.services[tierOf(host)].name;
  return {
    install: (release) => ({
      kind: 'install',
      ...base('install', `Install the ${release} release on ${host}`),
      image: `auction-${tierOf(host)}`,
      release,
    }),
    write: (action, title, { path, content, mode = '0644', owner }) => ({
      kind: 'write',
      ...base(action, title),
      path,
      content,
      mode,
      ...(owner === undefined ? {} : { owner }),
    }),
    put: (action, title, artifact, path) => ({
      kind: 'put',
      ...base(action, title),
      artifact,
      path,
      mode: '0644',
    }),
    exec: (action, title, argv) => ({ kind: 'exec', ...base(action, title), argv }),
    sql: (action, title, statements) => ({
      kind: 'sql',
      ...base(action, title),
      database: 'mysql',
      statements,
    }),
    service: (action, argv = ['service-control', service, action], reason = '') => ({
      kind: 'service',
      ...base(`${action}-${service}${reason}`, `${TITLES[action]} ${service} on ${host}`),
      service,
      action,
      argv,
    }),
    check: (argv) => ({
      kind: 'check',
      ...base('check', `Check the health of ${host}`),
      gate: 'health',
      argv,
      timeoutMs: CHECK_LIMIT_MS,
    }),
  };
}

const TITLES = { start: 'Start', stop: 'Stop', reload: 'Reload' } as const;
