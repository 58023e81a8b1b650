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

  constructor({ upgrade, edited, observeAtEnd }: Pick<Plan, 'upgrade' | 'edited' | 'observeAtEnd'>) {
    const observed = flatten(upgrade).filter(({ kind }) => kind === 'observe');
    this.#missing = new Set([
      ...edited,
      ...observed.map(({ id }) => id),
      ...observeAtEnd.map(({ id }) => id),
    ]);
  }

  /** Takes in what the upgrader says. */
  hear(message: UpgraderMessage): void {
    if (message.say !== 'step-end') return;
    this.#missing.delete(message.stepId);
    if (this.#missing.size === 0) this.#seen.resolve('seen');
  }
}
