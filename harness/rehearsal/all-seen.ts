/** When a rehearsal has shown what it can: what follows in the plan would only take time. */
import type { Plan } from '../contract/plan.ts';
import { flatten } from '../plan/rows.ts';
import type { UpgraderMessage } from '../upgrader/protocol.ts';

/** Listens to an upgrade until every edited step was reached and every observation was taken. */
export class AllSeen {
  readonly #missing: Set<string>;
  readonly #seen = Promise.withResolvers<'seen'>();
  /** Resolves when all is seen; never where something is to be seen at the upgrade's end. */
  readonly done: Promise<'seen'> = this.#seen.promise;

  constructor({
    upgrade,
    edited,
    observeAtEnd,
    shams,
  }: Pick<Plan, 'upgrade' | 'edited' | 'observeAtEnd' | 'shams'>) {
    const observed = [...flatten(upgrade), ...observeAtEnd].filter((step) => step.kind === 'observe');
    const looked = new Set(observed.map(({ fault }) => fault));
    // What the timeline alone decides can be decided on a control once all of it is there.
    const decidedAtEnd = shams.filter((sham) => !looked.has(sham)).map((sham) => `the end, for ${sham}`);
    this.#missing = new Set([...edited, ...observed.map(({ id }) => id), ...decidedAtEnd]);
  }

  /** Takes in what the upgrader says. */
  hear(message: UpgraderMessage): void {
    if (message.say !== 'step-end') return;
    this.#missing.delete(message.stepId);
    if (this.#missing.size === 0) this.#seen.resolve('seen');
  }
}
