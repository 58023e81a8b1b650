/**
 * A fault is a pure edit of an upgrade plan: one violation of the upgrade procedure that breaks one hidden
 * dependency. It never says what its impact is; that is what the experiment finds.
 */
import type { Evidence, Observation, Reading, StepOutcome } from './observation.ts';
import type { IngressKind, Interrupt } from './plan.ts';
import type { Random } from './random.ts';
import type { Facts } from './scenario.ts';
import type { ObserveStep, Step, StepId } from './step.ts';
import type { HostName, Tier, Universe } from './topology.ts';

/** Types of the upgrade-centric fault model (slides, "Upgrade-Centric Fault Model"); 0 is the control. */
export type FaultType = 0 | 1 | 2 | 3 | 4;

/** Ways in which an operator departs from the procedure (slides, "Upgrade Faults"). */
export type Violation = 'none' | 'omitted' | 'incorrect' | 'spurious' | 'inverted';

/**
 * Where a fault is known from: `slides`, the hidden dependency stands on the slides; `slides+paper-unverified`, also a
 * fault of that name is remembered from the paper's evaluation and its details are unverified; `upfault`, ours.
 */
export type Provenance = 'slides' | 'slides+paper-unverified' | 'upfault';

/**
 * On which hosts of a tier a fault is planted: one of them (first or last, by the seed; of the balancers, of which one
 * serves, the one that does in the end) or all.
 */
export type Reach = 'one' | 'all';

/** An observation and where in the plan it is taken. */
export interface PlacedObservation {
  /** Step of the unedited plan right after which it is taken, or `end` of the upgrade. */
  readonly after: StepId | 'end';
  readonly step: ObserveStep;
}

/** What a fault is given to edit. */
export interface EditContext {
  readonly steps: readonly Step[];
  /** The steps that brought up the old universe, which the upgrade found: what its hosts had before. */
  readonly former: readonly Step[];
  /** Names of the faults planted together with this one; for observations on controls, of those looked for with it. */
  readonly besides: readonly string[];
  /** Hosts on which those faults edit steps. */
  readonly metByOthers: () => readonly HostName[];
  readonly facts: Facts;
  readonly random: Random;
  readonly reach: Reach;
  readonly approach: string;
  /** What clients come through. */
  readonly ingress: IngressKind;
  /** Universe that the fault is planted in: `old` where the upgrade is in place, or the operator mistakes it. */
  readonly universe: Universe;
  /** Hosts of a tier that the fault meets, by reach and seed. */
  readonly targets: (tier: Tier) => readonly HostName[];
  /** All hosts of a tier. */
  readonly hosts: (tier: Tier) => readonly HostName[];
  /**
   * Makes the observe step `observe/FAULT/LABEL` of this fault, in the universe that the fault is planted in
   * unless another one is named. The host of a machine of Imago's own is the machine's name.
   */
  readonly observe: (
    label: string,
    host: HostName,
    observation: Observation,
    universe?: Universe,
  ) => ObserveStep;
}

/** The edited plan, or the reason why the approach has nothing for the fault to break. */
export type EditResult =
  | {
      readonly applies: true;
      readonly steps: readonly Step[];
      readonly observe: readonly PlacedObservation[];
      /** What of the fault was drawn by the seed, by name, for tables; absent where the fault is always the same. */
      readonly detail?: Readonly<Record<string, string>>;
    }
  | { readonly applies: false; readonly reason: string };

/** One entry of the catalogue. */
export interface Fault {
  readonly name: string;
  readonly type: FaultType;
  readonly violation: Violation;
  /** Hidden dependency, in the slides' words. */
  readonly dependency: string;
  readonly provenance: Provenance;
  /** Tiers whose hosts it touches; none for steps of Imago's own machines. */
  readonly tiers: readonly Tier[];
  /** What the operator does wrong, in one or two sentences. */
  readonly summary: string;
  /** How its evidence is read, in one sentence. */
  readonly confirmedBy: string;
  /**
   * Why it makes no sense on the hosts of the old universe (`--target old`): what it does is so there by right, or
   * cannot be done. Absent where it makes sense.
   */
  readonly newOnly?: string;
  /** Whether its edit is one of many, drawn by the seed: then no two repetitions of a campaign get the same. */
  readonly varies?: true;
  /** Name of a fault that it is planted with where it is not named in a composition: alone it would change nothing. */
  readonly shownWith?: string;
  /** A kill of the upgrade's own process that belongs to it; such a fault marks the step, and changes nothing in it. */
  readonly interrupt?: Interrupt;
  readonly edit: (context: EditContext) => EditResult;
  /** Decides from readings of this fault alone; pure, so that it can be decided again from the record. */
  readonly confirm: (readings: readonly Reading[], timeline: readonly StepOutcome[]) => Evidence;
}
