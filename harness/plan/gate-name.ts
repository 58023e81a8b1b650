/** Which gate a step is. */
import type { ImagoAction } from '../contract/imago-step.ts';
import type { Step } from '../contract/step.ts';

/** Imago's own gates by what they do. */
const IMAGO_GATES: Partial<Record<ImagoAction['do'], string>> = {
  compare: 'checksums',
  integration: 'integration-tests',
  verdict: 'compare-engine',
};

/** The gate's name as records have it; `step` for a step that tests nothing but can fail. */
export function gateOf(step: Step): string {
  if (step.kind === 'check' || step.kind === 'walk') return step.gate;
  return (step.kind === 'imago' ? IMAGO_GATES[step.action.do] : undefined) ?? 'step';
}
