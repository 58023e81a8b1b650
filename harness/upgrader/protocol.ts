/** What supervisor and upgrader say to each other, a JSON value a line. */

import type { Reading } from '../contract/observation.ts';
import type { FailurePolicy } from '../contract/plan.ts';
import type { Step } from '../contract/step.ts';
import type { Bindings } from './bindings.ts';

/** First line to the upgrader; a second line, `go`, starts it. */
export interface UpgradeOrder {
  readonly upgrade: readonly Step[];
  readonly rollback: readonly Step[];
  readonly onFailure: FailurePolicy;
  readonly bindings: Bindings;
  readonly repository: string;
  /** File of finished steps; a second run with the same file goes on where the first one ended. */
  readonly stepLog: string;
}

/** How the upgrade ended, as its operator sees it. */
export interface UpgradeResult {
  readonly outcome: 'upgraded' | 'stopped' | 'rolled-back' | 'stuck';
  /** What stopped it: the name of a check's gate, or `step` for any other step that failed; empty otherwise. */
  readonly gate: string;
  /** Steps that failed, in order. */
  readonly failedSteps: readonly string[];
}

/** Something that Imago's machines did or measured. */
export interface ImagoNews {
  /** Such as `transfer`, `quiescence`, `compared`, `verdict`. */
  readonly what: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Lines from the upgrader. */
export type UpgraderMessage =
  | { readonly say: 'ready' }
  /** An upgrader was started again: steps that an earlier one finished, in the plan's order. */
  | {
      readonly say: 'went-on';
      readonly atMs: number;
      readonly done: readonly { readonly stepId: string; readonly kind: string }[];
    }
  | {
      readonly say: 'step-start';
      readonly atMs: number;
      readonly stepId: string;
      readonly kind: string;
      readonly host: string;
      readonly title: string;
    }
  | {
      readonly say: 'step-end';
      readonly atMs: number;
      readonly startMs: number;
      readonly stepId: string;
      readonly kind: string;
      readonly outcome: 'done' | 'failed';
      readonly reason: string;
    }
  | { readonly say: 'reading'; readonly reading: Reading }
  | ({ readonly say: 'imago'; readonly atMs: number } & ImagoNews)
  | { readonly say: 'result'; readonly result: UpgradeResult }
  | { readonly say: 'testbed-failure'; readonly message: string };
