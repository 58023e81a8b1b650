import type { Fault } from '../harness/contract/fault.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom } from './evidence.ts';

const name = 'protocol-mismatch';
/** HAProxy’s word for “begin connections with the PROXY protocol”, and httpd’s for “expect that”. */
const SPEAKS = 'send-proxy';
const EXPECTS = 'RemoteIPProxyProtocol On';

/** One side of a connection speaks the PROXY protocol, and the other does not. */
export const protocolMismatch: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Communication protocols',
  provenance: 'slides',
  tiers: ['lb', 'web'],
  summary:
    'So that web servers learn their clients’ addresses, the operator turns the PROXY protocol on, but on one side only: at a balancer, which begins every connection with it, or at a web server, which expects that.',
  confirmedBy:
    'The configurations on the hosts: one side has the protocol on, and one on the other side has it off.',
  newOnly: 'a server that runs goes on with the configuration that it has read',
  edit: ({ steps, facts, random, targets, hosts, observe }) => {
    const tier = random.pick(['lb', 'web'] as const);
    const path = tier === 'lb' ? facts.files.balancer : facts.files.site;
    const one = targets(tier);
    const isConfiguration = (step: Step): step is WriteStep =>
      step.kind === 'write' && step.path === path && one.includes(step.host);
    if (!steps.some(isConfiguration))
      return { applies: false, reason: `the procedure writes no configuration of a ${tier} host` };
    const turnOn = tier === 'lb' ? speaking : expecting;
    const look = (host: string, word: string, file: string) => ({
      after: 'end' as const,
      step: observe(`${word === SPEAKS ? 'speaks' : 'expects'}-${host}`, host, {
        read: 'command',
        argv: ['grep', '-m', '1', '-F', word, file],
      }),
    });
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isConfiguration,
        (step) => ({ ...step, content: turnOn(step.content, facts) }),
        `the PROXY protocol is on at the ${tier} hosts only`,
      ),
      observe: [
        ...(tier === 'lb' ? one : hosts('lb')).map((host) => look(host, SPEAKS, facts.files.balancer)),
        ...(tier === 'web' ? one : hosts('web')).map((host) => look(host, EXPECTS, facts.files.site)),
      ],
    };
  },
  confirm: (readings) => {
    const states = readings.map(({ stepId, result }) => ({
      side: stepId.includes('/speaks-') ? 'balancer' : 'web server',
      isOn: result.taken && result.exitCode <= 1 ? result.exitCode === 0 : undefined,
    }));
    const has = (side: string, isOn: boolean) =>
      states.some((state) => state.side === side && state.isOn === isOn);
    // Only a pair of sides that were both read can contradict each other.
    const isPair = ['balancer', 'web server'].every((side) => has(side, true) || has(side, false));
    const [on, off] = has('balancer', true) ? ['balancer', 'web server'] : ['web server', 'balancer'];
    const mismatch = isPair && on !== undefined && off !== undefined && has(on, true) && has(off, false);
    return evidenceFrom(readings, ({ exitCode, stderr }) => {
      if (!isPair || exitCode > 1)
        return { says: 'unreadable', words: stderr.trim() || 'one side could not be read' };
      return mismatch
        ? { says: 'in-effect', words: `the PROXY protocol is on at a ${on} and off at a ${off}` }
        : { says: 'nothing' };
    });
  },
};

function speaking(content: string): string {
  return content.replaceAll(/^(\s+server \S+ .*)$/gm, `$1 ${SPEAKS}`);
}

function expecting(content: string, { webModule }: Facts): string {
  const module = webModule.file.replace(/[^/]+$/, 'mod_remoteip.so');
  return `LoadModule remoteip_module ${module}\n${content}`.replace(
    /^(\s*)DocumentRoot .*$/m,
    `$&\n$1${EXPECTS}`,
  );
}
