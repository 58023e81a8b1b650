/** `upfault run`: a campaign from request to report. Without options it is the quick campaign. */
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { SCHEMA_VERSION } from '../../results/schema.ts';
import { type CampaignStore, createCampaign, openCampaign } from '../../results/store.ts';
import { withAddressed } from '../campaign/addressed.ts';
import { runCampaign } from '../campaign/campaign.ts';
import { concludeCampaign } from '../campaign/conclude.ts';
import { readEnvironment } from '../campaign/environment.ts';
import { findInstrument, interruptionOf } from '../campaign/instrument.ts';
import { prepareTrial, scenarioNamed, variantsOf } from '../campaign/prepare.ts';
import { Progress } from '../campaign/progress.ts';
import { CampaignRequest } from '../campaign/request.ts';
import { scheduleOf } from '../campaign/schedule.ts';
import { selectFaults } from '../campaign/selection.ts';
import { DISTURBANCE_FORM, USUAL_DISTURBANCES } from '../plan/disturbances.ts';
import { assertPortFree } from '../provision/free-port.ts';
import { assertCanShareHardware } from '../provision/shared-hardware.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';
import { UsageError } from './errors.ts';
import {
  listOf,
  QUICK_APPROACHES,
  QUICK_FAULTS,
  requestOf,
  type TrialOptions,
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
        describe:
          'Faults separated by commas: names, a+b, all, type:1 to type:4, none; at a step (or @all): omit@STEP, spurious-restart@STEP, crash@STEP, swap@STEP:STEP',
      })
      .option('reps', { type: 'number', default: 1, describe: 'Trials of each fault under each approach' })
      .option('controls', {
        type: 'number',
        default: 5,
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
        describe: 'Results folder of a campaign to go on with',
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'Leave the systems running, until the next run or clean',
      }) as never,
  handler: run,
};

async function run(options: RunArguments): Promise<void> {
  const asked = options.resume === undefined ? requested(options) : undefined;
  const resumed = options.resume === undefined ? undefined : await openCampaign(options.resume);
  const request = asked ?? CampaignRequest.parse(resumed?.record.request);
  const schedule = scheduleOf(request, variantsOf(request));
  for (const trial of schedule) prepareTrial(request, trial); // Every plan can be made, before anything is.
  if (schedule.length === 0)
    throw new UsageError('run: nothing to run; ask for a fault, or for --controls of at least 1');
  refuseIfNothingApplies(request);

  await assertPortFree(request.port);
  const instrument = await findInstrument('run', { hosts: request.hosts, scale: request.scale });
  if (request.hardware === 'shared') await assertCanShareHardware(instrument.engine);
  const store = resumed ?? (await newCampaign(request, options.out, await readEnvironment(instrument)));

  const signal = interruptionOf('run');
  try {
    const records = await runCampaign({
      ...instrument,
      request,
      store,
      schedule,
      keep: options.keep,
      overlap: !options.keep,
      signal,
      progress: new Progress(),
    });
    process.stdout.write(await concludeCampaign(store.folder));
    if (records.some(({ outcome }) => outcome === 'harness-failed')) process.exitCode = 1;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function requested(options: RunArguments): CampaignRequest {
  if (listOf(options.approach).includes('imago') && !listOf(options.ingress).includes('interceptor'))
    throw new UsageError(
      `run: --ingress ${options.ingress}: imago switches at the interceptor; allowed with it are interceptor, and interceptor,direct`,
    );
  const { reps, controls, baselines, positiveControls, port } = options;
  if (positiveControls > 0 && !listOf(options.ingress).includes('interceptor'))
    throw new UsageError(
      `run: --positive-controls ${positiveControls}: it is the interceptor that disturbs; --ingress ${options.ingress} has none`,
    );
  scenarioNamed('run', options.scenario);
  const request = requestOf(options, {
    approaches: listOf(options.approach),
    faults: selectFaults('run', listOf(options.fault)),
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
  out: string | undefined,
  environment: Record<string, unknown>,
): Promise<CampaignStore> {
  const startedAt = new Date().toISOString();
  const name = startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = path.resolve(out ?? path.join(PROJECT_FOLDER, 'results', name));
  return createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: `${name}-${process.pid}`,
    startedAt,
    seed: request.seed,
    request,
    schedule: scheduleOf(request, variantsOf(request)),
    environment,
  });
}
