import type { EditContext, EditResult, Fault } from '../harness/contract/fault.ts';
import { answeredWith, statusOf } from './asked-on-host.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'debug-on';
const DEBUG = /("debug"\s*:\s*)false\b/;

/** Pages that are there for those who look for errors, left open to everybody. */
export const debugOn: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Access privileges: URLs (excessive)',
  provenance: 'upfault',
  tiers: ['app', 'web'],
  summary:
    'To follow the upgrade, the operator turns an application host’s debug mode on, with its status page and stack traces, or opens the page from which a web host’s balancer is managed. It stays so.',
  confirmedBy:
    'The application host answers the page that there is in debug mode only; or the web host answers another host that asks for the balancer’s management.',
  edit: (context) =>
    context.random.pick(['app', 'web'] as const) === 'app' ? debugMode(context) : openManager(context),
  confirm: (readings) =>
    misconfiguredEvidence(readings, answeredWith('200', 'a page that strangers should not see')),
};

function debugMode(context: EditContext): EditResult {
  const { files, appPort, debugPath } = context.facts;
  return misconfigured(context, {
    fault: name,
    path: files.app,
    hosts: context.targets('app'),
    wrong: (content) => content.replace(DEBUG, '$1true'),
    note: 'debug mode is on',
    look: () => statusOf(`http://127.0.0.1:${appPort.new}${debugPath}`),
    otherwise: 'no step of the procedure says that an application host is not to run in debug mode',
  });
}

function openManager(context: EditContext): EditResult {
  const { files, webPort, managerPath } = context.facts;
  const rule = new RegExp(`(<Location "?${managerPath}"?>[^<]*\\n[ \\t]*Require )local\\b`);
  const [stranger] = context.hosts('app');
  return misconfigured(context, {
    fault: name,
    path: files.site,
    hosts: context.targets('web'),
    wrong: (content) => content.replace(rule, '$1all granted'),
    note: `${managerPath} is open to everybody`,
    look: (host) => statusOf(`https://@@address:${host}@@:${webPort}${managerPath}`),
    // On the host itself the page answers by right.
    ...(stranger === undefined ? {} : { lookFrom: stranger }),
    at: 'end',
    otherwise: 'no step of the procedure says who may manage a web host’s balancer',
  });
}
