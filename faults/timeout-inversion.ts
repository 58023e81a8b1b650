import type { Fault } from '../harness/contract/fault.ts';
import { firstLine, type Judge } from './evidence.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'timeout-inversion';
const TIMEOUT = /^([ \t]*timeout server[ \t]+\d+)s[ \t]*$/m;

/** A balancer that gives up before the servers behind it do. */
export const timeoutInversion: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'upfault',
  tiers: ['lb'],
  summary:
    'The balancer waits longer for an answer than the web servers, which wait longer than the application needs. The operator leaves out the unit of its timeout, which is then milliseconds and shorter than the slowest pages take.',
  confirmedBy:
    'Once the balancer runs with its configuration, its timeout for servers is read back, without the unit of seconds that it should have.',
  edit: (context) => {
    const { files, services } = context.facts;
    return misconfigured(context, {
      fault: name,
      path: files.balancer,
      hosts: context.targets('lb'),
      wrong: (content) => content.replace(TIMEOUT, '$1'),
      note: 'the balancer’s timeout for servers loses its unit',
      look: () => ({
        read: 'command',
        argv: ['sh', '-c', LOOK, 'look', files.balancer, services.lb.executable],
      }),
      otherwise: 'no step of the procedure says how long a balancer waits for an answer',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, isTooShort),
};

/** Prints `TIMEOUT PROCESSES`: the directive, and how many processes run the balancer's program. */
const LOOK = `timeout=$(awk '$1 == "timeout" && $2 == "server" { print $3; exit }' "$1") || exit 2
processes=0
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe")" = "$2" ] && processes=$((processes + 1))
done
echo "$timeout $processes"`;

/** HAProxy's units in milliseconds; a number without one is in milliseconds. */
const UNITS_MS: Readonly<Record<string, number>> = {
  '': 1,
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** A page may take this long on a busy system; whoever waits for less gives up before it is there. */
const SLOWEST_PAGE_MS = 1000;

const isTooShort: Judge = ({ exitCode, stdout, stderr }) => {
  const [, number, unit = '', processes] = /^(\d+)([a-z]*) (\d+)$/.exec(firstLine(stdout)) ?? [];
  const unitMs = UNITS_MS[unit];
  if (exitCode !== 0 || number === undefined || unitMs === undefined || Number(processes) === 0)
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
  const timeoutMs = Number(number) * unitMs;
  return timeoutMs < SLOWEST_PAGE_MS
    ? { says: 'in-effect', words: `the running balancer gives up after ${timeoutMs} ms` }
    : { says: 'nothing' };
};
