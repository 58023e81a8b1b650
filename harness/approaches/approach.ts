/** What every way of upgrading gives the planner. */
import type { EnginePolicy, SchemaPolicy, Windows } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Step } from '../contract/step.ts';
import type { Size, Universe } from '../contract/topology.ts';

/** What an approach plans from. */
export interface ApproachRequest {
  readonly scenario: Scenario;
  readonly size: Size;
  readonly windows: Windows;
  readonly schemaPolicy: SchemaPolicy;
  readonly engine: EnginePolicy;
}

/** The procedure of an approach, before any fault. */
export interface Procedure {
  readonly upgrade: readonly Step[];
  /** The way back; see `Plan.rollback`. */
  readonly rollback: readonly Step[];
}

/** One way of upgrading. */
export interface Approach {
  readonly name: string;
  readonly summary: string;
  /** Where the new release is installed: on the live universe's hosts, or on those of a parallel one. */
  readonly universe: Universe;
  readonly procedure: (request: ApproachRequest) => Procedure;
}
