/**
 * Gates as a factor: the same procedure with fewer or other things that may stop it. Without it, "isolation works" may
 * only mean that a parallel universe is tested more. A step that fails stops an upgrade whatever the gates.
 */
import type { Procedure } from '../approaches/approach.ts';
import { entryOf, WALK_LIMIT_MS } from '../approaches/entry.ts';
import type { ImagoAction } from '../contract/imago-step.ts';
import type { Gates, Mirroring } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { CheckStep, Step, WalkStep } from '../contract/step.ts';

/** Imago's steps that test, with the gates that have them; all others belong to every procedure. */
const TESTS: Partial<Record<ImagoAction['do'], readonly Gates[]>> = {
  compare: ['native'],
  'start-comparison': ['native'],
  verdict: ['native'],
  'stop-comparison': ['native'],
  'start-tester': ['same', 'native'],
  integration: ['same', 'native'],
  // Undoes what tests wrote.
  reconcile: ['same', 'native'],
};

/** The procedure, and its way back, with these gates and no others. */
export function withGates(
  { upgrade, rollback }: Procedure,
  {
    gates,
    scenario,
    mirroring = 'on',
  }: { readonly gates: Gates; readonly scenario: Scenario; readonly mirroring?: Mirroring },
): Procedure {
  const gated = (steps: readonly Step[]) =>
    withWalks(mirrored(kept(steps, gates), mirroring), gates, scenario);
  return { upgrade: gated(upgrade), rollback: gated(rollback) };
}

/** Imago's steps that there are only where live requests are mirrored. */
const OF_MIRRORING: ReadonlySet<ImagoAction['do']> = new Set([
  'start-comparison',
  'verdict',
  'stop-comparison',
]);

function mirrored(steps: readonly Step[], mirroring: Mirroring): readonly Step[] {
  if (mirroring === 'on') return steps;
  return steps.filter((step) => step.kind !== 'imago' || !OF_MIRRORING.has(step.action.do));
}

function kept(steps: readonly Step[], gates: Gates): Step[] {
  return steps.flatMap((step): Step[] => {
    if (step.kind === 'parallel') {
      const within = kept(step.steps, gates);
      return within.length === 0 ? [] : [{ ...step, steps: within }];
    }
    return isKept(step, gates) ? [step] : [];
  });
}

function isKept(step: Step, gates: Gates): boolean {
  if (step.kind === 'check') return gates !== 'none';
  return step.kind !== 'imago' || TESTS[step.action.do]?.includes(gates) !== false;
}

/**
 * Where hosts are upgraded in place, the walk that a parallel universe gets as a whole is made through each host that
 * has just passed its health check and does not serve yet: right before it would be put back.
 */
function withWalks(steps: readonly Step[], gates: Gates, scenario: Scenario): Step[] {
  if (gates !== 'same') return [...steps];
  return steps.flatMap((step): Step[] => {
    const walk = step.kind === 'check' && step.universe === 'old' ? walkAfter(step, scenario) : undefined;
    return walk === undefined ? [step] : [step, walk];
  });
}

function walkAfter(check: CheckStep, scenario: Scenario): WalkStep | undefined {
  const entry = scenario.hostEntry(check.host);
  if (entry === undefined) return undefined;
  return {
    kind: 'walk',
    id: `${check.id}-walk`,
    title: `Walk through ${check.host} as a user would`,
    universe: check.universe,
    host: check.host,
    gate: 'integration-tests',
    entry: entryOf(entry),
    exchanges: scenario.smoke,
    timeoutMs: WALK_LIMIT_MS,
    ...(check.undoes === undefined ? {} : { undoes: check.undoes }),
  };
}
