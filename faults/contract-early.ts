import type { Fault } from '../harness/contract/fault.ts';
import type { Observation, Reading, StepOutcome } from '../harness/contract/observation.ts';
import type { Facts } from '../harness/contract/scenario.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { bringForward } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';
import { actsOn, installs } from './host-steps.ts';

const name = 'contract-early';
/** A reading's id ends with the host that it is about, and the id of the first step that drops something. */
const ABOUT = /\/(?:next|end)\/([^/]+)\/(.+)$/;
const DROPS = /\bDROP\s+(COLUMN|TABLE|TRIGGER)\b/i;
const DROPPED_COLUMN = /ALTER TABLE\s+(\w+)\s+DROP COLUMN\s+(\w+)/i;
const DROPPED_TRIGGER = /DROP TRIGGER\s+(?:IF EXISTS\s+)?(\w+)/i;

/** The old shape of the schema is dropped while an application host still runs the old release. */
export const contractEarly: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Application/DB mismatch',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The operator drops the old columns, their table and the triggers that kept both shapes in step while the last application host (all of them, with reach all) still runs the old release.',
  confirmedBy:
    'When an application host that still runs the old release is about to be upgraded, or the upgrade has ended without it, the dropping has begun, and an old column or the first of the triggers is gone.',
  edit: ({ steps, facts, reach, hosts, observe }) => {
    const [primary = ''] = hosts('db');
    const installed = hosts('app')
      .map((host) => steps.findIndex(installs(host)))
      .filter((index) => index >= 0)
      .sort((one, other) => one - other);
    const met = steps[(reach === 'all' ? installed[0] : installed.at(-1)) ?? -1];
    const host = met?.kind === 'install' ? met.host : '';
    const first = steps.find(actsOn([host]));
    const isDrop = (step: Step): step is SqlStep =>
      step.kind === 'sql' && step.host === primary && DROPS.test(step.statements);
    const drops = steps.slice((installed.at(-1) ?? 0) + 1).filter(isDrop);
    const column = drops
      .map(({ statements }) => DROPPED_COLUMN.exec(statements))
      .find((match) => match !== null);
    if (first === undefined || column === undefined || column === null)
      return {
        applies: false,
        reason: 'the procedure drops no old columns once the application hosts are upgraded',
      };
    const [, table, columnName] = column;
    const trigger = drops
      .map(({ statements }) => DROPPED_TRIGGER.exec(statements)?.[1])
      .find((one) => one !== undefined);
    const isGone: Observation = {
      read: 'sql',
      database: 'information_schema',
      statement: `SELECT '${table}.${columnName}' AS gone FROM DUAL WHERE NOT EXISTS (
        SELECT 1 FROM COLUMNS
        WHERE TABLE_SCHEMA = '${facts.database}' AND TABLE_NAME = '${table}' AND COLUMN_NAME = '${columnName}')
      ${trigger === undefined ? '' : noTrigger(trigger, facts)};`,
    };
    const about = `${host}/${drops[0]?.id}`;
    return {
      applies: true,
      steps: bringForward(
        name,
        steps,
        (step) => drops.some(({ id }) => id === step.id),
        first.id,
        `dropped while ${host} still runs the old release`,
      ),
      observe: [
        { after: first.id, step: observe(`next/${about}`, primary, isGone) },
        // One of the drops may fail over what that host writes meanwhile, and end the upgrade.
        { after: 'end', step: observe(`end/${about}`, primary, isGone) },
      ],
    };
  },
  confirm: (readings, timeline) => {
    const judge = rowsListed('with a host of the old release in service, the schema is without');
    const early = readings.filter((reading) => isEarly(reading, timeline));
    return early.length === 0
      ? evidenceFrom(readings, () => ({ says: 'nothing' }))
      : evidenceFrom(early, judge);
  },
};

/** Whether by then something had been dropped and the host had not been upgraded. */
function isEarly({ stepId, atMs }: Reading, timeline: readonly StepOutcome[]): boolean {
  const [, host, drop] = ABOUT.exec(stepId) ?? [];
  const before = timeline.filter(({ endMs }) => endMs <= atMs);
  return (
    before.some((step) => step.stepId === drop) &&
    !before.some(
      (step) => step.kind === 'install' && step.outcome === 'done' && step.stepId.startsWith(`${host}/`),
    )
  );
}

/** Names the trigger as well where it is gone. */
function noTrigger(trigger: string, { database }: Facts): string {
  return `UNION ALL SELECT 'trigger ${trigger}' FROM DUAL WHERE NOT EXISTS (
        SELECT 1 FROM TRIGGERS WHERE TRIGGER_SCHEMA = '${database}' AND TRIGGER_NAME = '${trigger}')`;
}
