/** `upfault run`: a campaign from request to report. Without options it is the quick campaign. */
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { isTrialId } from '../../results/layout.ts';
import { SCHEMA_VERSION } from '../../results/schema.ts';
import { type CampaignStore, createCampaign } from '../../results/store.ts';
import { hasParallelUniverse } from '../approaches/catalogue.ts';
import { withAddressed } from '../campaign/addressed.ts';
import { runCampaign } from '../campaign/campaign.ts';
import { concludeCampaign } from '../campaign/conclude.ts';
import { readEnvironment } from '../campaign/environment.ts';
import { findInstrument, type Instrument, interruptionOf } from '../campaign/instrument.ts';
import { prepareTrial, scenarioNamed, variantsOf } from '../campaign/prepare.ts';
import { Progress } from '../campaign/progress.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { assertSameEnvironment, resumeCampaign } from '../campaign/resume.ts';
import { type ScheduledTrial, scheduleOf } from '../campaign/schedule.ts';
import { selectFaults } from '../campaign/selection.ts';
import { UsageError } from '../errors.ts';
import { DISTURBANCE_FORM, USUAL_DISTURBANCES } from '../plan/disturbances.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { assertPortFree } from '../provision/free-port.ts';
import { liveCampaigns } from '../provision/live-campaigns.ts';
import { assertCanShareHardware } from '../provision/shared-hardware.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';
import {
  FAULT_FORMS,
  listOf,
  namesOf,
  QUICK_APPROACHES,
  QUICK_CONTROLS,
  QUICK_FAULTS,
  refuseVainEngine,
  requestOf,
  type TrialOptions,
  usualOptions,
  withTrialOptions,
} from './trial-options.ts';

interface RunArguments extends TrialOptions {
  readonly approach: string;
  readonly fault: string;
  readonly reps: number;
  readonly controls: number;
  readonly baselines: number | undefined;
  readonly positiveControls: number;
  readonly disturb: string;
  readonly ingress: string;
  readonly mirroring: string;
  readonly port: number;
  readonly out: string | undefined;
  readonly resume: string | undefined;
  readonly retryFailed: boolean | undefined;
  readonly keep: boolean;
}

/** The command. Exit code 1 where a trial failed in the testbed's own fault, 130 when interrupted. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run',
  describe: 'Run a campaign and write its report; without options, the quick campaign',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .option('approach', {
        type: 'string',
        default: QUICK_APPROACHES.join(','),
        describe: 'Ways of upgrading, separated by commas',
      })
      .option('fault', {
        type: 'string',
        default: QUICK_FAULTS.join(','),
        describe: `${FAULT_FORMS}; or none`,
      })
      .option('reps', {
        type: 'number',
        default: 1,
        describe: 'Trials of each fault under each approach; 0: controls alone, which look for the faults',
      })
      .option('controls', {
        type: 'number',
        default: QUICK_CONTROLS,
        describe: 'Fault-free trials of each approach, and of none',
      })
      .option('baselines', {
        type: 'number',
        describe: 'Trials without an upgrade; default as many as --controls',
      })
      .option('positive-controls', {
        type: 'number',
        default: 0,
        describe: 'Trials of each --disturb under each approach: whether harm of a known size is noticed',
      })
      .option('disturb', {
        type: 'string',
        default: USUAL_DISTURBANCES.join(','),
        describe: `What the interceptor does in positive controls, separated by commas: ${DISTURBANCE_FORM}`,
      })
      .option('ingress', {
        type: 'string',
        default: 'interceptor',
        describe: 'What clients come through, separated by commas: interceptor, direct (a plain forwarder)',
      })
      .option('mirroring', {
        type: 'string',
        default: 'on',
        describe: 'Imago’s comparison of live answers, separated by commas: on, off',
      })
      .option('port', {
        type: 'number',
        default: 0,
        describe: 'Port of 127.0.0.1 for the ingress; 0: any free one',
      })
      .option('out', { type: 'string', describe: 'Results folder to make; default results/NAME' })
      .option('resume', {
        type: 'string',
        conflicts: 'out',
        describe: 'Results folder of a campaign to go on with, as it was begun',
      })
      .option('retry-failed', {
        type: 'boolean',
        implies: 'resume',
        describe:
          'With --resume: also run trials again that the testbed failed; the earlier attempts are set aside',
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'Leave the system of a single trial running, until the next run or clean',
      }) as never,
  handler: run,
};

async function run(options: RunArguments): Promise<void> {
  const asked = requested(options);
  if (options.resume === undefined) refuseVainEngine('run', asked);
  const resumed =
    options.resume === undefined ? undefined : await resumeCampaign(options.resume, asked, usual());
  const request = resumed?.request ?? asked;
  const schedule = resumed?.schedule ?? scheduleOf(request, variantsOf(request));
  refuseImpossible(request, schedule, options.keep);

  await assertPortFree(request.port);
  const instrument = await findInstrument('run', { hosts: request.hosts, scale: request.scale });
  await warnOfOthers(instrument);
  if (request.hardware === 'shared') await assertCanShareHardware(instrument.engine);
  const environment = await readEnvironment(instrument);
  if (resumed !== undefined) assertSameEnvironment(resumed.store, environment);
  const store = resumed?.store ?? (await newCampaign(request, schedule, options.out, environment));

  await runCampaign({
    ...instrument,
    request,
    store,
    schedule,
    retryFailed: options.retryFailed === true,
    keep: options.keep,
    // A port of one's own is free again only when the trial before is gone.
    overlap: !options.keep && request.port === 0,
    signal: interruptionOf('run'),
    progress: new Progress(),
  });
  const { text, harnessFailed } = await concludeCampaign(store.folder);
  process.stdout.write(text);
  if (harnessFailed > 0) process.exitCode = 1;
}

/** Other campaigns cannot be kept off the engine, but whoever runs this one must know of them. */
async function warnOfOthers({ engine }: Instrument): Promise<void> {
  const others = await liveCampaigns(engine);
  if (others.length > 0)
    process.stderr.write(
      `upfault: run: beside ${others.join(', ')} on the same engine: each disturbs what the other measures\n`,
    );
}

/** The request of a command line without options. */
function usual(): CampaignRequest {
  const asked = {
    approaches: QUICK_APPROACHES,
    faults: QUICK_FAULTS,
    reps: 1,
    controls: QUICK_CONTROLS,
    port: 0,
  };
  return requestOf(usualOptions(), asked);
}

/** Every plan can be made, and every trial has a folder of its own, before anything is. */
function refuseImpossible(
  request: CampaignRequest,
  schedule: readonly ScheduledTrial[],
  keep: boolean,
): void {
  const plans = schedule.map((trial) => prepareTrial(request, trial).plan);
  if (schedule.length === 0)
    throw new UsageError('run: nothing to run; ask for a fault, or for --controls of at least 1');
  const ids = new Set<string>();
  for (const { trialId, fault } of schedule) {
    if (!isTrialId(trialId))
      throw new UsageError(`run: --fault ${fault}: too long for the name of a trial, ${trialId}`);
    if (ids.has(trialId))
      throw new UsageError(
        `run: --fault ${fault}: another fault asked for has trials of the same name, ${trialId}`,
      );
    ids.add(trialId);
  }
  const systems = plans.filter(({ applicability }) => applicability.applies).length;
  if (keep && systems > 1)
    throw new UsageError(
      `run: --keep: ${systems} trials are asked for, and the systems that are kept would run beside what is measured; allowed is one trial (one approach, one fault, --controls 0)`,
    );
  refuseIfNothingApplies(request);
}

function requested(options: RunArguments): CampaignRequest {
  const switching = listOf(options.approach).find(hasParallelUniverse);
  if (switching !== undefined && !listOf(options.ingress).includes('interceptor'))
    throw new UsageError(
      `run: --ingress ${options.ingress}: ${switching} switches at the interceptor; allowed with it are interceptor, and interceptor,direct`,
    );
  const { reps, controls, baselines, positiveControls, port } = options;
  if (positiveControls > 0 && !listOf(options.ingress).includes('interceptor'))
    throw new UsageError(
      `run: --positive-controls ${positiveControls}: it is the interceptor that disturbs; --ingress ${options.ingress} has none`,
    );
  scenarioNamed('run', options.scenario);
  const request = requestOf(options, {
    approaches: namesOf('run', '--approach', options.approach),
    faults: selectFaults('run', namesOf('run', '--fault', options.fault)),
    reps,
    controls,
    baselines,
    positiveControls,
    disturbances: listOf(options.disturb),
    port,
    ingress: listOf(options.ingress),
    mirroring: listOf(options.mirroring),
  });
  return withAddressed('run', request);
}

/** A fault asked for alone that applies nowhere is a mistake; in a campaign it is a row with its reason. */
function refuseIfNothingApplies(request: CampaignRequest): void {
  const [fault, ...others] = request.faults;
  if (fault === undefined || others.length > 0) return;
  const reasons = request.approaches.map((approach) => {
    const trial = { trialId: 'asked', approach, fault, seed: request.seed };
    return prepareTrial(request, trial).plan.applicability;
  });
  const [first] = reasons;
  if (first === undefined || first.applies || reasons.some(({ applies }) => applies)) return;
  throw new UsageError(`run: under approach ${request.approaches.join(', ')}, ${first.reason}`);
}

async function newCampaign(
  request: CampaignRequest,
  schedule: readonly ScheduledTrial[],
  out: string | undefined,
  environment: Record<string, unknown>,
): Promise<CampaignStore> {
  const startedAt = new Date().toISOString();
  const name = startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = path.resolve(out ?? path.join(PROJECT_FOLDER, 'results', `${name}-${process.pid}`));
  return createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: uniqueCampaign(name),
    startedAt,
    seed: request.seed,
    request,
    schedule: [...schedule],
    environment,
  });
}
