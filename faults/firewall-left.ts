import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'firewall-left';

/** A packet filter that kept clients out of a host during its installation is left on. */
export const firewallLeft: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Client access',
  provenance: 'upfault',
  tiers: ['app', 'db'],
  summary:
    'Before the service of a host is started, the operator has a packet filter shut everybody else out from its port, and does not lift it afterwards.',
  confirmedBy:
    'The host’s packet filter has a rule that refuses or drops what is sent to the port; its counter is told.',
  edit: (context) => {
    const { steps, facts, random, universe, targets, observe } = context;
    const started = (['app', 'db'] as const)
      .map((tier) => ({
        tier,
        starts: (tier === 'app' ? targets('app') : [primaryAtEnd(context)]).flatMap(
          (host) => startOf(host, steps) ?? [],
        ),
      }))
      .filter(({ starts }) => starts.length > 0);
    if (started.length === 0)
      return { applies: false, reason: 'the procedure starts no application and no database' };
    const { tier, starts } = random.pick(started);
    const verdict = random.pick(['drop', 'reject'] as const);
    // Mistaken for its counterpart in the other universe, a host is shut where that one listens.
    const release = starts[0]?.universe === universe ? 'new' : 'old';
    const port = tier === 'app' ? facts.appPort[release] : facts.databasePort;
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>(
        (list, start) =>
          insertBefore(
            name,
            list,
            (step) => step === start,
            [shut(start, port, verdict)],
            `packets to port ${port} meet a filter (${verdict})`,
          ),
        steps,
      ),
      observe: starts.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`filter-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', RULE, 'rule', String(port)],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const rule = /counter packets (\d+) .*(drop|reject)/.exec(stdout);
      if (exitCode === 0 && rule !== null)
        return { says: 'in-effect', words: `${rule[1]} packets met “${rule[2]}”` };
      return exitCode === 1
        ? { says: 'nothing' }
        : { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
    }),
};

function shut(start: ServiceStep, port: number, verdict: 'drop' | 'reject'): Step {
  const rules = [
    'add table inet maintenance',
    'add chain inet maintenance input { type filter hook input priority 0; }',
    `add rule inet maintenance input iifname != "lo" tcp dport ${port} counter ${verdict === 'reject' ? 'reject with tcp reset' : 'drop'}`,
  ];
  return commandBeside(start, 'shut-port', `Shut port ${port} of ${start.host} while it is set up`, [
    ...['nft', rules.join('; ')],
  ]);
}

const RULE = 'rules=$(nft list ruleset) || exit 2; echo "$rules" | grep -E -m 1 "dport $1 .*(drop|reject)"';
