/**
 * The plan of a fault-free Imago trial in which clients are switched many times. Every switch has every step of the real
 * one; all but the last send clients to the old universe's entry again, or what they then write would make the next
 * comparison fail. Each one therefore makes every client change its connection, as the real one does.
 */
import type { Plan } from '../contract/plan.ts';
import type { ExecStep, ImagoStep, Step } from '../contract/step.ts';
import { connectingS } from '../trial/load.ts';

/**
 * Seconds between two switches at least: clients go on, and what they write is to be drained and compared by the next.
 * And so many more than all of them take to connect again, or the next switch would come upon clients that still do.
 */
const PAUSE_S = 3;
const CONNECTED_S = 1;
/** Seconds of a horizon: installing, transferring and testing, for each multiple of the data, and for each switch. */
const HORIZON_S = { upgrade: 40, scale: 8, each: 3 };

/**
 * The plan with as many switches.
 * @param multiple - of the data that a campaign asks for unless told otherwise: more takes longer to transfer
 * @throws if it has none, or not as many are asked for as can be numbered
 */
export function withSwitches(plan: Plan, switches: number, multiple = 1): Plan {
  if (!Number.isInteger(switches) || switches < 1 || switches > 99)
    throw new Error(`bench switchover: ${switches} switches a trial; a whole number from 1 to 99 is wanted`);
  const at = plan.upgrade.findIndex(({ id }) => id.startsWith('switch/'));
  const until = plan.upgrade.findIndex(({ id }) => id === 'switch/release');
  const host = plan.upgrade.find((step) => step.kind === 'install')?.host;
  if (at < 0 || until < at || host === undefined) throw new Error('bench switchover: the plan has no switch');
  const real = plan.upgrade.slice(at, until + 1);
  const pauseS = Math.max(PAUSE_S, connectingS(plan.ratePerSecond) + CONNECTED_S);
  const rounds = Array.from({ length: switches - 1 }, (_, index) => index + 1);
  const rehearsed = rounds.flatMap((round) => [
    pause(host, `switch-${round}/pause`, pauseS),
    ...real.map((step) => rehearsal(step, round)),
  ]);
  const anew = switches === 1 ? [] : [pause(host, 'last/pause', pauseS)];
  const { upgrade, scale, each } = HORIZON_S;
  return {
    ...plan,
    upgrade: [...plan.upgrade.slice(0, at), ...rehearsed, ...anew, ...plan.upgrade.slice(at)],
    windows: { ...plan.windows, horizonS: upgrade + scale * multiple + (each + pauseS) * switches },
  };
}

function rehearsal(step: Step, round: number): Step {
  const id = step.id.replace('switch/', `switch-${round}/`);
  return isRedirect(step) ? { ...step, id, universe: 'old' } : { ...step, id };
}

function isRedirect(step: Step): step is ImagoStep {
  return step.kind === 'imago' && step.action.do === 'redirect';
}

function pause(host: string, id: string, seconds: number): ExecStep {
  return {
    ...{ kind: 'exec', id, host, universe: 'old' },
    title: 'Let clients go on for a while',
    argv: ['sleep', String(seconds)],
  };
}
