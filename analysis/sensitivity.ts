/**
 * How often the judgement notices harm that is there: measured on positive controls, printed beside false alarms. Here alone it is
 * read what was done to users on purpose, and what that must be called; no label knows of it.
 */
import type { TrialRecord } from '../results/schema.ts';
import { type Cell, cellsOf, countLabels } from './cells.ts';
import type { Judgement } from './judge.ts';
import { isPositiveControl } from './references.ts';
import { CONTRASTS, type Contrast, type Impact } from './rules.ts';
import { exactShare, rangeText, type Share } from './statistics/share.ts';

type Kind = NonNullable<TrialRecord['disturbance']>['kind'];

/** What each kind of harm is called. */
const MUST_BE: Readonly<Record<Kind, Impact>> = {
  latency: 'increased latency',
  errors: 'degraded throughput',
  outage: 'full outage',
};

/** Positive controls of one kind under one approach. */
export interface Sensitivity {
  /** Such as `positive@latency:2x`. */
  readonly fault: string;
  readonly approach: string;
  readonly variant: string;
  readonly contrast: Contrast;
  readonly impact: Impact;
  /** Labelled with that impact, of all in which the harm was done: what is not labelled was missed, for whatever reason. */
  readonly share: Share;
  /** Of those missed, the ones that could not be decided. */
  readonly inconclusive: number;
  /** Trials that say nothing: the harm was not done, or the testbed failed. */
  readonly lost: number;
}

/** Every kind under every approach in both contrasts; empty without positive controls. */
export function sensitivityOf(judgement: Judgement): Sensitivity[] {
  return cellsOf(judgement).flatMap((cell) => {
    const kind = kindOf(cell);
    return kind === undefined
      ? []
      : CONTRASTS.map((contrast) => sensitivityIn(cell, MUST_BE[kind], contrast));
  });
}

function kindOf({ trials }: Cell): Kind | undefined {
  const record = trials[0]?.record;
  return record !== undefined && isPositiveControl(record) ? record.disturbance?.kind : undefined;
}

function sensitivityIn(cell: Cell, impact: Impact, contrast: Contrast): Sensitivity {
  const { fault, approach, variant, attrition } = cell;
  const done = cell.trials.filter(({ record }) => record.outcome === 'completed');
  const of = (label: 'yes' | 'inconclusive') => countLabels(done, impact, contrast, label);
  return {
    fault,
    approach,
    variant,
    contrast,
    impact,
    share: exactShare(of('yes'), done.length),
    inconclusive: of('inconclusive'),
    lost: attrition.lost,
  };
}

/** A row of the table for people, in the contrast in which false alarms are counted as well. */
export interface SensitivityLine {
  readonly fault: string;
  readonly approach: string;
  readonly impact: Impact;
  /** `18 of 20, 68 to 99 %; 2 undecided; 1 lost`. */
  readonly text: string;
}

/** One line a kind and approach. */
export function sensitivityLines(judgement: Judgement): SensitivityLine[] {
  return sensitivityOf(judgement)
    .filter(({ contrast }) => contrast === 'fault')
    .map(({ fault, approach, variant, impact, share, inconclusive, lost }) => ({
      fault,
      approach: [approach, variant].join(' ').trim(),
      impact,
      text: [
        share.n === 0 ? 'not measured' : `${share.k} of ${share.n}, ${rangeText(share)}`,
        ...(inconclusive > 0 ? [`${inconclusive} undecided`] : []),
        ...(lost > 0 ? [`${lost} lost`] : []),
      ].join('; '),
    }));
}
