/** What must hold of a trial whatever was killed in it. */
import type { LedgerFigures, TrialRecord } from '../../results/schema.ts';

/** Whether something was killed in it; a kill that came when there was nothing left to kill shows nothing. */
export function wasStruck({ interrupts }: Pick<TrialRecord, 'interrupts'>): boolean {
  return interrupts.some(({ killed }) => killed > 0);
}

/** What does not hold; empty for a sound trial. */
export function brokenIn(record: TrialRecord): string[] {
  if (record.outcome !== 'completed') return [`${record.outcome}: ${record.outcomeReason}`];
  const { imago, upgrade, horizon, ledger } = record;
  if (imago === null || horizon === null || ledger === null) return ['the record is not whole'];
  const state = upgrade.finalState;
  const served = `${horizon.ok} of ${horizon.offered} requests were served: ${JSON.stringify(horizon.failed)}`;
  const checks: readonly (readonly [boolean, string])[] = [
    [state !== 'mixed', 'neither entirely old nor entirely new'],
    [upgrade.outcome !== 'stuck', 'the upgrade did not end'],
    [imago.reach === state, `clients are sent to ${imago.reach}, the upgrade left ${state}`],
    [!imago.holding, 'requests are held still'],
    [imago.running.length === 0, `still there: ${imago.running.join(', ')}`],
    [
      state !== 'old' || imago.residue?.length === 0,
      `left in U_old: ${imago.residue?.join('; ') ?? 'unknown'}`,
    ],
    [horizon.offered > 0 && horizon.ok === horizon.offered, served],
    ...inexact(ledger.afterHorizon).map((text) => [false, `ledger: ${text}`] as const),
    ...inexact(ledger.afterProvocations).map((text) => [false, `ledger, second cut: ${text}`] as const),
  ];
  return checks.flatMap(([holds, text]) => (holds ? [] : [text]));
}

function inexact(cut: LedgerFigures): string[] {
  const { acknowledged, foundOnce, lost, duplicated, altered, derivedWrong, seedBucketsDiffering } = cut;
  const wrong = Object.entries({ lost, duplicated, altered, derivedWrong, seedBucketsDiffering })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count} (${cut.details.slice(0, 3).join('; ')})`);
  if (acknowledged === 0) wrong.push('no write was acknowledged');
  if (foundOnce !== acknowledged)
    wrong.push(`${foundOnce} of ${acknowledged} acknowledged writes found once`);
  return [...wrong, ...cut.unreadable];
}
