/**
 * The driver, or the upgrader, killed at random moments of whole trials: one upgrade that goes well shows how long each
 * part takes, then each further trial has a kill of its own. Whatever the moment, clients must end up entirely in the
 * old or the new universe, with nothing acknowledged lost, no request failed and nothing left behind.
 */
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import { readEvents } from '../../results/trial-files.ts';
import { type EndedTrial, runCampaign } from '../campaign/campaign.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { prepareTrial } from '../campaign/prepare.ts';
import { Progress } from '../campaign/progress.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { ScheduledTrial } from '../campaign/schedule.ts';
import { derivedSeed } from '../plan/random.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { CAMPAIGN_LABEL } from '../provision/engine.ts';
import { type Moment, momentsOf, partsOf } from './moments.ts';
import { brokenIn, wasStruck } from './soundness.ts';

/** What is killed how often. */
export interface Kills extends Instrument {
  readonly request: CampaignRequest;
  readonly process: 'driver' | 'upgrader';
  readonly count: number;
  /** Folder that is made for the records. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Told of each trial as it ends. */
  readonly say: (line: string) => void;
}

/** How many trials there were of each kind. */
export interface KillsResult {
  readonly sound: number;
  readonly unsound: number;
  /** Sound as well, but the kill came when there was nothing left to kill. */
  readonly tooLate: number;
}

/** Runs the trials. */
export async function runKills(kills: Kills): Promise<KillsResult> {
  const { request, say } = kills;
  const pilot = trialOf(request, 'without-a-kill');
  const pilots: TrialRecord[] = [];
  await runTrials(kills, [pilot], '-pilot', (record) => void pilots.push(record));
  const [seen] = pilots;
  const wrong = seen === undefined ? ['not run'] : brokenIn(seen);
  if (seen === undefined || wrong.length > 0 || seen.upgrade.outcome !== 'upgraded')
    throw new Error(
      `kills: the upgrade without a kill is not sound: ${wrong.join('; ') || seen?.upgrade.outcome}`,
    );
  const { events } = await readEvents(`${kills.folder}-pilot/trials/${pilot.trialId}`);
  const steps = events.flatMap((event) =>
    event.event === 'step-end' ? [{ ...event, endMs: event.atMs }] : [],
  );
  const parts = partsOf(prepareTrial(request, pilot).plan, steps);
  say(
    `seed ${request.seed}; ${parts.map(({ name, lastedMs }) => `${name} ${lastedMs.toFixed(0)} ms`).join(', ')}`,
  );

  const moments = momentsOf(parts, kills.process, kills.count, request.seed);
  const schedule = moments.map(({ interrupt }, index) => ({
    ...trialOf(request, `kill-${String(index + 1).padStart(3, '0')}`),
    interrupts: [interrupt],
  }));
  const momentOf = new Map(schedule.map(({ trialId }, index) => [trialId, moments[index]]));
  const result = { sound: 0, unsound: 0, tooLate: 0 };
  const ended = await runTrials(kills, schedule, '', (record) => {
    const broken = brokenIn(record);
    const kind = broken.length > 0 ? 'unsound' : wasStruck(record) ? 'sound' : 'tooLate';
    result[kind] += 1;
    const said = { sound: 'sound', unsound: broken.join('; '), tooLate: 'nothing was left to kill' }[kind];
    say(`${record.trialId}: ${told(momentOf.get(record.trialId), record)}: ${said}`);
  });
  const run = new Set(ended.map(({ trialId }) => trialId));
  for (const { trialId } of schedule.filter((trial) => !run.has(trial.trialId))) {
    result.unsound += 1;
    say(`${trialId}: not run`);
  }
  return result;
}

function told(moment: Moment | undefined, { interrupts, upgrade }: TrialRecord): string {
  const [kill] = interrupts;
  const during = kill === undefined || kill.during === '' ? 'between steps' : `during ${kill.during}`;
  const { outcome, finalState, gate } = upgrade;
  return `${moment?.part}, ${moment?.interrupt} (${during}); ${outcome}${gate ? ` by ${gate}` : ''}, ${finalState}`;
}

function trialOf(request: CampaignRequest, name: string): ScheduledTrial {
  const seed = derivedSeed(request.seed, `kills/${name}`);
  return { trialId: `imago-${name}`, approach: 'imago', fault: 'none', seed };
}

/** Runs them as a campaign of their own, and makes sure that nothing of it is left on the engine. */
async function runTrials(
  kills: Kills,
  schedule: readonly ScheduledTrial[],
  suffix: string,
  onEnded: (record: TrialRecord) => void,
): Promise<EndedTrial[]> {
  const campaign = uniqueCampaign(`kills${suffix}`);
  const store = await createCampaign(`${kills.folder}${suffix}`, {
    schemaVersion: SCHEMA_VERSION,
    campaign,
    startedAt: new Date().toISOString(),
    seed: kills.request.seed,
    request: kills.request,
    schedule: [...schedule],
    environment: kills.environment,
  });
  const ended = await runCampaign({
    ...kills,
    store,
    schedule,
    keep: false,
    overlap: true,
    progress: new Progress(onEnded),
  });
  const left = await kills.engine.listContainers({
    all: true,
    filters: { label: [`${CAMPAIGN_LABEL}=${campaign}`] },
  });
  if (left.length > 0)
    throw new Error(`kills: still on the engine: ${left.flatMap(({ Names }) => Names).join(', ')}`);
  return ended;
}
