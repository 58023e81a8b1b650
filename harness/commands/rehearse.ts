/** `upfault rehearse`: shows of each fault that its edit takes effect, and of a control that nothing is found there. */
import type { CommandModule } from 'yargs';
import { UPGRADES } from '../approaches/catalogue.ts';
import { withAddressed } from '../campaign/addressed.ts';
import { findInstrument, type Instrument, interruptionOf } from '../campaign/instrument.ts';
import { type PreparedTrial, scenarioNamed } from '../campaign/prepare.ts';
import { assertWhole } from '../campaign/request.ts';
import { selectFaults } from '../campaign/selection.ts';
import { UsageError } from '../errors.ts';
import { recordCaughtBy } from '../explain/caught-by.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { assertEngineAnswers } from '../provision/engine.ts';
import type { Guard } from '../provision/guard.ts';
import { guarded } from '../provision/guarded.ts';
import { sweepLeftovers } from '../provision/sweep.ts';
import { caughtBy, withAllDetectors } from '../rehearsal/detection-programme.ts';
import { findingsOf, type Programme, procedureText, programmeOf } from '../rehearsal/programme.ts';
import { type Rehearsal, rehearse } from '../rehearsal/rehearsal.ts';
import { FAULT_FORMS, namesOf, requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface RehearseArguments extends TrialOptions {
  readonly faults: string;
  readonly approach: string | undefined;
  readonly jobs: number;
  readonly verbose: boolean;
  readonly detectors: boolean;
}

/** Most rehearsals at the same time. */
const MOST_JOBS = 8;
/** Faults of which a message says why they do not apply. */
const REASONS_TOLD = 5;

/** The command. Exit code 1 where a fault was not found, or something was found or could not be read on a control. */
export const rehearseCommand: CommandModule<object, RehearseArguments> = {
  command: 'rehearse [faults]',
  describe: 'Run upgrades without clients, only to see each fault’s evidence, and none on controls',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .positional('faults', {
        type: 'string',
        default: process.env.UPFAULT_FAULTS ?? 'all',
        describe: `${FAULT_FORMS}; default $UPFAULT_FAULTS, or all`,
      })
      .option('approach', {
        type: 'string',
        describe:
          'Ways of upgrading, each with every fault; default: each fault in the first in which it applies',
      })
      .option('jobs', {
        type: 'number',
        default: 2,
        describe: `Rehearsals at the same time, 1 to ${MOST_JOBS}`,
      })
      .option('verbose', {
        type: 'boolean',
        default: false,
        describe: 'Tell every step and reading as well',
      })
      .option('detectors', {
        type: 'boolean',
        default: false,
        describe:
          'Also ask package manager, loader and configuration tests, and go on to what stops the upgrade; writes faults/caught-by.json',
      }) as never,
  handler: rehearseAll,
};

async function rehearseAll(options: RehearseArguments): Promise<void> {
  const { jobs } = options;
  assertWhole('rehearse: --jobs', jobs, 1, MOST_JOBS);
  if (options.interrupt !== undefined)
    throw new UsageError(
      'rehearse: --interrupt: a rehearsal ends once all is seen, and may never come to it; use `run`, or the fault crash@STEP',
    );
  const asked = requestOf(options, {
    approaches:
      options.approach === undefined ? UPGRADES : namesOf('rehearse', '--approach', options.approach),
    faults: selectFaults('rehearse', namesOf('rehearse', 'faults', options.faults)),
    ...{ reps: 1, controls: 1, port: 0 },
  });
  const request = withAddressed('rehearse', asked);
  const scenario = scenarioNamed('rehearse', request.scenario);
  const programme = programmeOf(request, options.approach !== undefined);
  refuseIfNothingApplies(programme, request.approaches);
  const { rehearsals: plain, inapplicable } = programme;
  const rehearsals = options.detectors ? withAllDetectors(plain, scenario) : plain;
  const failures = inapplicable.map(
    ({ fault, reasons }) => `${fault}: applies nowhere: ${reasons.join('; ')}`,
  );
  for (const failure of failures) tell('FAILED', failure);

  const instrument = await findInstrument('rehearse', { hosts: request.hosts, scale: request.scale });
  const signal = interruptionOf('rehearse');
  let held = 0;
  // Each holds all its readings, and only what detectors said is told of at the end.
  const outcomes: { prepared: PreparedTrial; outcome: Rehearsal }[] = [];
  await onStage(instrument, signal, async (stage) => {
    await inTurns(rehearsals, jobs, async (prepared) => {
      const toTheEnd = options.detectors;
      const told = await rehearse({ ...instrument, ...stage, prepared, scenario, signal, toTheEnd }).then(
        (outcome) => {
          if (options.detectors) outcomes.push({ prepared, outcome });
          return tellOutcome(prepared, outcome, options.verbose);
        },
        (error: Error) => tellBreakdown(prepared, error),
      );
      signal.throwIfAborted();
      await assertEngineAnswers(instrument.engine);
      held += told.held;
      failures.push(...told.failures);
    });
  });
  if (options.detectors) failures.push(...(await tellCaughtBy(outcomes, scenario)));
  process.stdout.write(`${held} as they must be, ${failures.length} not\n`);
  if (failures.length > 0) process.exitCode = 1;
}

/** Faults that apply nowhere are told beside others; where none is left to rehearse, they are a mistake. */
function refuseIfNothingApplies(
  { rehearsals, inapplicable }: Programme,
  approaches: readonly string[],
): void {
  if (inapplicable.length === 0 || rehearsals.some(({ planted }) => planted.length > 0)) return;
  const told = inapplicable.slice(0, REASONS_TOLD).flatMap(({ reasons }) => reasons);
  const others = inapplicable.length - REASONS_TOLD;
  if (others > 0) told.push(`and ${others} more faults`);
  throw new UsageError(`rehearse: under approach ${approaches.join(', ')}, ${told.join('; ')}`);
}

/** Everything under one label, with a watchdog, and removed at the end. */
async function onStage(
  { engine }: Instrument,
  signal: AbortSignal,
  play: (stage: { campaign: string; onProcess: (pid: number) => void }) => Promise<void>,
): Promise<void> {
  const campaign = uniqueCampaign('rehearsal');
  const work = async (guard: Guard) => {
    await sweepLeftovers(engine, 'rehearse');
    await play({ campaign, onProcess: guard.process });
  };
  await guarded(engine, 'rehearse', campaign, work, { signal });
}

/** Does all, so many at the same time; the first error ends it once what has begun has ended. */
async function inTurns<T>(all: readonly T[], atOnce: number, act: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const turns = Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await act(next).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
    }
  });
  for (const turn of await Promise.allSettled(turns)) if (turn.status === 'rejected') throw turn.reason;
}

function tellOutcome(
  { trial, plan }: PreparedTrial,
  outcome: Rehearsal,
  verbose: boolean,
): { held: number; failures: string[] } {
  const place = `${procedureText(plan)}${trial.fault === 'none' ? ', control' : ''}`;
  const ended = `${outcome.upgrade}${outcome.gate === '' ? '' : ` by ${outcome.gate}`}, ${outcome.wallS.toFixed(0)} s`;
  const failures: string[] = [];
  const findings = findingsOf(outcome);
  for (const { fault, evidence, asItMustBe } of findings) {
    const reached = outcome.injection.outcome === 'not-reached' ? ` (${outcome.injection.reason})` : '';
    const line = `${fault} (${place}; ${ended}): ${evidence.verdict}: ${evidence.summary}${reached}`;
    tell(asItMustBe ? 'ok' : 'FAILED', line);
    if (!asItMustBe) failures.push(line);
  }
  if (verbose || failures.length > 0) tellCourse(outcome, verbose);
  return { held: findings.length - failures.length, failures };
}

/** The testbed's own failure: it is none of the fault's, and the others can be rehearsed yet. */
function tellBreakdown({ trial }: PreparedTrial, error: Error): { held: number; failures: string[] } {
  const line = `${trial.trialId}: not rehearsed: ${error.name}: ${error.message}`;
  tell('FAILED', line);
  return { held: 0, failures: [line] };
}

/** Writes down which detectors caught what of the catalogue's faults; gives what could not be found out. */
async function tellCaughtBy(...asked: Parameters<typeof caughtBy>): Promise<readonly string[]> {
  const { rows, unread } = caughtBy(...asked);
  for (const { fault, approach, detector, caught, words } of rows)
    tell(
      caught ? 'caught' : 'silent',
      `${fault} (${approach}): ${detector}${words === '' ? '' : `: ${words}`}`,
    );
  for (const one of unread) tell('FAILED', one);
  await recordCaughtBy(rows);
  return unread;
}

/** What an author of a fault needs to see: failed steps, and what the readings were. */
function tellCourse({ steps, readings }: Rehearsal, verbose: boolean): void {
  for (const { stepId, outcome, reason, startMs, endMs } of steps)
    if (verbose || outcome === 'failed')
      tell('', `step ${stepId}: ${outcome} in ${(endMs - startMs).toFixed(0)} ms ${reason}`);
  for (const { stepId, universe, host, result } of readings) {
    const seen = result.taken
      ? `exit code ${result.exitCode} ${JSON.stringify(result.stdout.slice(0, 300))} ${JSON.stringify(result.stderr.slice(0, 300))}`
      : `not taken: ${result.reason}`;
    tell('', `reading ${stepId} on ${universe} ${host}: ${seen}`);
  }
}

function tell(word: string, text: string): void {
  process.stdout.write(`${word.padEnd(7)} ${text}\n`);
}
