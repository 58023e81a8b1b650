import type { Fault } from '../harness/contract/fault.ts';
import type { Reading } from '../harness/contract/observation.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { insertBefore, omit } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';
import { stepNamedBy } from './host-steps.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'firewall-left';
/** Labels of the observations, in front of the step behind which no filter should be there. */
const RULE_OF = 'rule/';
const ASKED_OF = 'asked/';
/** Longest wait for a connection. */
const LIMIT_S = 2;

/**
 * A packet filter that kept others out of a host while it was set up is left on. Where the procedure itself shuts a host’s port
 * and opens it again, the opening is left out; elsewhere the operator shuts it of his own accord. Either way what is too much is
 * a filter.
 */
export const firewallLeft: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Service location: network address; client access',
  provenance: 'upfault',
  tiers: ['app', 'db'],
  summary:
    'While a host is set up, a packet filter shuts everybody else out from its service’s port. The operator does not lift it afterwards. (Application hosts are shut by the procedure; a database host, or one that is mistaken for its counterpart, by the operator before its service is started.)',
  confirmedBy:
    'The host’s packet filter has a rule that drops or refuses what is sent to the port, when none should be left; its counter is told, and what became of a connection that another host of the tier tried to make.',
  edit: (context) => {
    const { steps, facts, random, universe, targets, hosts, observe } = context;
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
    const isMistaken = starts[0]?.universe !== universe;
    const port = tier === 'app' ? facts.appPort[isMistaken ? 'old' : 'new'] : facts.databasePort;
    const left = starts.map((start) => ({
      start,
      lift: isMistaken ? undefined : liftOf(start.host, steps),
    }));
    return {
      applies: true,
      steps: left.reduce<readonly Step[]>(
        (list, { start, lift }) =>
          lift === undefined
            ? insertBefore(
                name,
                list,
                (step) => step === start,
                [shut(start, port, verdict)],
                `packets to port ${port} meet a filter (${verdict})`,
              )
            : omit(name, list, (step) => step.id === lift.id, `port ${port} stays shut`),
        steps,
      ),
      observe: left.flatMap(({ start: { host, id }, lift }) => {
        const over = lift?.id ?? id;
        const asker = hosts(tier).find((one) => one !== host) ?? host;
        return [
          {
            after: 'end' as const,
            step: observe(`${RULE_OF}${over}`, host, {
              read: 'command',
              argv: ['sh', '-c', RULE, 'rule', String(port)],
            }),
          },
          {
            after: 'end' as const,
            step: observe(`${ASKED_OF}${over}`, asker, {
              read: 'command',
              argv: ['perl', '-l', '-MIO::Socket::INET', '-e', CONNECT, `@@address:${host}@@`, String(port)],
            }),
          },
        ];
      }),
    };
  },
  confirm: (readings, timeline) => {
    const reached = new Set(timeline.map(({ stepId }) => stepId));
    const overOf = (reading: Reading) => stepNamedBy(name, reading).replace(/^\w+\//, '');
    const labelled = (label: string) =>
      readings.filter((reading) => stepNamedBy(name, reading).startsWith(label));
    // Until then the procedure may have shut the port itself.
    const rules = labelled(RULE_OF).filter((reading) => reached.has(overOf(reading)));
    if (rules.length === 0) return evidenceFrom(readings, () => ({ says: 'nothing' }));
    return evidenceFrom(rules, ({ exitCode, stdout, stderr }, about) => {
      const rule = /counter packets (\d+) .*(drop|reject)/.exec(stdout);
      if (exitCode === 1) return { says: 'nothing' };
      if (exitCode !== 0 || rule === null)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      const asked = labelled(ASKED_OF).find((reading) => overOf(reading) === overOf(about));
      const answer = asked?.result.taken ? firstLine(asked.result.stdout) : '';
      if (answer === 'open') return { says: 'nothing' };
      const tried = answer === '' ? 'nobody was there to try' : `${asked?.host} tried: ${answer}`;
      return { says: 'in-effect', words: `${rule[1]} packets met “${rule[2]}”; ${tried}` };
    });
  },
};

/** The procedure’s own step that takes a host’s packet filter away. */
function liftOf(host: HostName, steps: readonly Step[]): Step | undefined {
  return steps.find(
    (step) =>
      step.kind === 'exec' &&
      step.host === host &&
      step.argv[0] === 'nft' &&
      /\b(delete|flush)\b/.test(step.argv.join(' ')),
  );
}

function shut(start: ServiceStep, port: number, verdict: 'drop' | 'reject'): Step {
  const rules = [
    'add table inet maintenance',
    'add chain inet maintenance input { type filter hook input priority 0; }',
    `add rule inet maintenance input iifname != "lo" tcp dport ${port} counter ${verdict === 'reject' ? 'reject with tcp reset' : 'drop'}`,
  ];
  return commandBeside(start, 'shut-port-by-hand', `Shut port ${port} of ${start.host} while it is set up`, [
    ...['nft', rules.join('; ')],
  ]);
}

const RULE = 'rules=$(nft list ruleset) || exit 2; echo "$rules" | grep -E -m 1 "dport $1 .*(drop|reject)"';
const CONNECT = `$s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => ${LIMIT_S}); print $s ? 'open' : "$!"`;
