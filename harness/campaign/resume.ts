/** Going on with a campaign from its folder alone, and only as what it was begun as. */
import type { CampaignRecord } from '../../results/schema.ts';
import { type CampaignStore, openCampaign } from '../../results/store.ts';
import { UsageError } from '../errors.ts';
import { variantsOf } from './prepare.ts';
import { CampaignRequest } from './request.ts';
import { type ScheduledTrial, scheduleOf } from './schedule.ts';

/** A campaign that can be gone on with. */
export interface Resumed {
  readonly store: CampaignStore;
  readonly request: CampaignRequest;
  readonly schedule: readonly ScheduledTrial[];
}

/**
 * Opens a campaign to go on with.
 * @param asked the request that the command line makes, and @param usual the one that it makes without any option: what is asked
 * for beside the folder must be what the campaign has, but for the port, which it may have to change.
 * @throws UsageError where it was not begun by `run`, where this build would run other trials, or where something else is asked for
 */
export async function resumeCampaign(
  folder: string,
  asked: CampaignRequest,
  usual: CampaignRequest,
): Promise<Resumed> {
  const store = await openCampaign(folder);
  const parsed = CampaignRequest.safeParse(store.record.request);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(
      folder,
      `its request is not one of this build (${issue?.path.join('.')}: ${issue?.message})`,
    );
  }
  const recorded = parsed.data;
  for (const key of Object.keys(asked) as (keyof CampaignRequest)[]) {
    const [wanted, had] = [JSON.stringify(asked[key]), JSON.stringify(recorded[key])];
    if (key !== 'port' && wanted !== JSON.stringify(usual[key]) && wanted !== had)
      throw refusal(
        folder,
        `its ${key} is ${had ?? 'not set'}, and ${wanted} is asked for; name no options but --port, --keep and --retry-failed`,
      );
  }
  const schedule = scheduleOf(recorded, variantsOf(recorded));
  if (trialsOf(schedule) !== trialsOf(store.record.schedule))
    throw refusal(
      folder,
      'its trials are not those that this build makes of its request: it was begun by another command, or another version',
    );
  return { store, schedule, request: { ...recorded, port: asked.port === 0 ? recorded.port : asked.port } };
}

const RESUME = 'run: --resume';

/**
 * Refuses to go on where trials would be held against controls of another build or machine.
 * @param now as `readEnvironment` gives it
 * @param operation what the refusal names, before the folder
 * @throws UsageError with all that differs
 */
export function assertSameEnvironment(
  store: CampaignStore,
  now: Readonly<Record<string, unknown>>,
  operation = RESUME,
): void {
  const then = store.record.environment;
  const differing = Object.keys(now).filter(
    (part) => part in then && part !== 'memoryMb' && JSON.stringify(then[part]) !== JSON.stringify(now[part]),
  );
  if (differing.length === 0) return;
  const told = differing.map((part) => `${part} (${short(then[part])}, now ${short(now[part])})`);
  const why = `it was begun with another ${told.join(', ')}; begin a new campaign`;
  throw refusal(store.folder, why, operation);
}

function refusal(folder: string, why: string, operation = RESUME): UsageError {
  return new UsageError(`${operation} ${folder}: ${why}`);
}

function trialsOf(schedule: CampaignRecord['schedule'] | readonly ScheduledTrial[]): string {
  return JSON.stringify(
    schedule.map(({ trialId, approach, fault, seed }) => [trialId, approach, fault, seed]),
  );
}

const SHOWN_CHARACTERS = 60;

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
