/** Configuration files as plans write them: every template of every release, rendered, in each state it has. */
import { prepareTrial } from '../../../harness/campaign/prepare.ts';
import type { ConfigurationFormat } from '../../../harness/contract/scenario.ts';
import { flatten } from '../../../harness/plan/rows.ts';
import { scenarios } from '../../../scenarios/catalogue.ts';
import { campaignRequest } from '../../campaign/request.ts';

export interface PlannedFile {
  readonly path: string;
  readonly format: ConfigurationFormat;
  readonly content: string;
}

/** Each text once. */
export function plannedFiles(): PlannedFile[] {
  const { formats } = scenarios.auction.facts;
  const plans = (['rolling', 'imago'] as const).map((approach) => {
    const trial = { trialId: 't', approach, fault: 'none', seed: 1 };
    return prepareTrial(campaignRequest({ faults: [] }), trial).plan;
  });
  const steps = plans.flatMap((plan) => flatten([...plan.provision, ...plan.upgrade, ...plan.rollback]));
  const files = steps.flatMap((step) => {
    const format = step.kind === 'write' ? formats[step.path] : undefined;
    return step.kind === 'write' && format !== undefined
      ? [{ path: step.path, format, content: step.content }]
      : [];
  });
  return [...new Map(files.map((file) => [file.content, file])).values()];
}
