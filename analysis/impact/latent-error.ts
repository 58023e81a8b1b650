/** Latent error: the system serves, but does not stand what every system meets sooner or later. */
import type { ReducedTrial, References } from '../references.ts';
import { MIN_REFERENCES } from '../rules.ts';
import { type Decision, idsOf, inconclusive, tooFew } from './decision.ts';

const FIGURE = 'failed_provocations';

/**
 * A provocation fails that every reference stands. One that a reference fails as well says nothing about the
 * trial. Provocations ask the same of either release, so that for users the reference is the system without an
 * upgrade, whatever state the trial ended in.
 */
export function judgeLatentError(trial: ReducedTrial, references: References): Decision {
  const { provocations, provocationsMissing } = trial.figures;
  if (provocations.size + provocationsMissing.length === 0)
    return inconclusive(FIGURE, null, 'nothing was provoked', references);
  const failed = [...provocations].filter(([, held]) => !held).map(([name]) => name);
  const comparable = failed.map((name) => ({ name, ...standing(name, references) }));
  const harmful = comparable.filter((p) => p.failing.length === 0);
  const decision = {
    figureName: FIGURE,
    figure: harmful.length,
    bound: 0,
    effect: harmful.length,
    threshold: 1,
    references: idsOf({ ...references, trials: metBy(references, failed) }),
  };
  const proven = harmful.filter((p) => p.tried >= MIN_REFERENCES).map((p) => p.name);
  if (proven.length > 0) return { ...decision, label: 'yes', reason: `failed: ${proven.join(', ')}` };
  const [unproven] = harmful;
  if (unproven !== undefined) {
    const reason = `failed: ${unproven.name}; ${tooFew(unproven.tried, `${references.kind} met it`)}`;
    return { ...decision, label: 'inconclusive', reason };
  }
  if (provocationsMissing.length > 0) {
    const reason = `could not be carried out: ${provocationsMissing.join(', ')}`;
    return { ...decision, label: 'inconclusive', reason };
  }
  if (trial.record.provocationSet === 'none')
    return { ...decision, label: 'inconclusive', reason: 'nothing was provoked' };
  const excused = comparable.map((p) => `${p.name} (also failed by ${p.failing.join(', ')})`);
  const reason =
    excused.length === 0
      ? `all ${provocations.size} provocations were stood`
      : `failed: ${excused.join('; ')}`;
  return { ...decision, label: 'no', reason };
}

/** References that met any of the provocations that failed; all where none did. */
function metBy({ trials }: References, failed: readonly string[]): readonly ReducedTrial[] {
  if (failed.length === 0) return trials;
  return trials.filter(({ figures }) => failed.some((name) => figures.provocations.has(name)));
}

/** How many references met a provocation, and which of them failed it. */
function standing(name: string, references: References): { tried: number; failing: string[] } {
  const met = references.trials.filter((r) => r.figures.provocations.has(name));
  const failing = met.filter((r) => r.figures.provocations.get(name) === false).map((r) => r.record.trialId);
  return { tried: met.length, failing };
}
