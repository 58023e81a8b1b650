import type { Fault } from '../harness/contract/fault.ts';
import { firstLine, type Judge } from './evidence.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'balance-skewed';
const MEMBER = /^([ \t]*server[ \t]+\S+[ \t].*)$/gm;
/** The most that a balancer takes, and the least that still gets something. */
const HEAVY = 256;
const LIGHT = 1;

/** A balancer that sends nearly everything to one of its members. */
export const balanceSkewed: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Request scheduling',
  provenance: 'slides',
  tiers: ['lb'],
  summary:
    'To try the new balancer, the operator gives its members weights by which the first gets nearly every request, and puts it into service with them.',
  confirmedBy:
    'The running balancer, asked for its members’ weights, gives nine tenths or more to one of them.',
  edit: (context) =>
    misconfigured(context, {
      fault: name,
      path: context.facts.files.balancer,
      hosts: context.targets('lb'),
      wrong: (content) => {
        let isFirst = true;
        return content.replaceAll(MEMBER, (line) => {
          const weight = isFirst ? HEAVY : LIGHT;
          isFirst = false;
          return `${line} weight ${weight}`;
        });
      },
      note: `weight ${HEAVY} for one member, ${LIGHT} for the others`,
      look: () => ({ read: 'command', argv: context.facts.memberWeights }),
      otherwise: 'no step of the procedure lists a balancer’s members',
    }),
  confirm: (readings) => misconfiguredEvidence(readings, isSkewed),
};

/** Share of the weight from which one member gets nearly everything. */
const NEARLY_ALL = 0.9;

/** Lines `MEMBER WEIGHT`. */
const isSkewed: Judge = ({ exitCode, stdout, stderr }) => {
  const weights = [...stdout.matchAll(/^(\S+) (\d+)$/gm)].map(([, , weight]) => Number(weight));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (exitCode !== 0 || weights.length < 2 || sum === 0)
    return {
      says: 'unreadable',
      words: `exit code ${exitCode}, ${weights.length} weights: ${firstLine(stderr)}`,
    };
  return Math.max(...weights) / sum >= NEARLY_ALL
    ? { says: 'in-effect', words: `the members’ weights are ${weights.join(', ')}` }
    : { says: 'nothing' };
};
