/** From a request to the things it names, and to the plan of each of its trials. */
import { ADDRESSED_FORMS, addressedFault, faults as catalogue } from '../../faults/catalogue.ts';
import { scenarios } from '../../scenarios/catalogue.ts';
import type { Fault } from '../contract/fault.ts';
import type { Interrupt, Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import { UsageError } from '../errors.ts';
import type { Confirmable } from '../observation/confirmation.ts';
import { confirmableDisturbance } from '../observation/disturbance-evidence.ts';
import { disturbanceNamed, positiveName, tooLongFor } from '../plan/disturbances.ts';
import { INTERRUPT_FORM, impossibleIn, interruptText, parseInterrupt } from '../plan/interrupts.ts';
import { makePlan } from '../plan/plan.ts';
import { windowsByName } from '../plan/windows.ts';
import { warmUpFor } from '../trial/load.ts';
import { type CampaignRequest, chosen } from './request.ts';
import type { ScheduledTrial, VariantOf } from './schedule.ts';

/** The faults that a name stands for: none for `none`, several for a composition. */
export function faultsNamed(operation: string, name: string): Fault[] {
  if (name === 'none') return [];
  const parts = name.split('+');
  const twice = parts.find((part, index) => parts.indexOf(part) < index);
  if (twice !== undefined)
    throw new UsageError(
      `${operation}: fault ${name}: ${twice} is named twice; a composition has each of its faults once`,
    );
  return parts.map((part) => {
    const addressed = addressedFault(part);
    if (addressed !== undefined) return addressed;
    if (part.includes('@'))
      throw new UsageError(
        `${operation}: there is no fault "${part}"; addressed to a step are ${ADDRESSED_FORMS}`,
      );
    return chosen<Fault>(operation, 'fault', part, { ...catalogue });
  });
}

/** The scenario of a request. */
export function scenarioNamed(operation: string, name: string): Scenario {
  return chosen<Scenario>(operation, 'scenario', name, { ...scenarios });
}

/** A trial with everything it is made from. */
export interface PreparedTrial {
  readonly trial: ScheduledTrial;
  readonly plan: Plan;
  /** What must be in effect, and what must not. */
  readonly planted: readonly Confirmable[];
  readonly shams: readonly Confirmable[];
}

/** Plans one trial. Controls look for every fault of the campaign, and must find none. */
export function prepareTrial(request: CampaignRequest, trial: ScheduledTrial): PreparedTrial {
  const scenario = scenarioNamed('plan', request.scenario);
  const disturbance = disturbanceNamed(trial.fault);
  const named = windowsByName[request.windows];
  const windows = { ...named, warmUpS: warmUpFor(request.ratePerSecond, named.warmUpS) };
  const tooLong = disturbance === undefined ? '' : tooLongFor(windows, disturbance);
  if (tooLong !== '') throw new UsageError(`plan: ${trial.fault}: ${tooLong}`);
  const planted = disturbance === undefined ? faultsNamed('plan', trial.fault) : [];
  const asked = new Map(
    request.faults.flatMap((name) => faultsNamed('plan', name)).map((fault) => [fault.name, fault]),
  );
  const isControl = planted.length === 0 && disturbance === undefined;
  const wanted = isControl ? [...asked.values()] : [];
  const shamDisturbances =
    isControl && request.positiveControls > 0 && trial.ingress !== 'direct'
      ? [...new Set(request.disturbances)].map(positiveName)
      : [];
  const plan = makePlan({
    scenario,
    approach: trial.approach,
    faults: planted,
    shams: wanted,
    reach: request.reach,
    target: request.target,
    gates: request.gates,
    hardware: request.hardware,
    ingress: trial.ingress ?? 'interceptor',
    mirroring: trial.mirroring ?? 'on',
    seed: trial.seed,
    size: { hosts: request.hosts, scale: request.scale },
    windows,
    schemaPolicy: request.schemaPolicy,
    engine: request.engine,
    onFailure: request.onFailure,
    ratePerSecond: request.ratePerSecond,
    interrupts:
      trial.approach === 'none'
        ? []
        : [
            ...interruptsOf(trial.interrupts ?? request.interrupts),
            ...planted.flatMap(({ interrupt }) => interrupt ?? []),
          ],
    ...(disturbance === undefined ? {} : { disturbance: { ...disturbance, name: trial.fault } }),
    shamDisturbances,
    provocations: request.provocations,
  });
  for (const interrupt of plan.applicability.applies ? plan.interrupts : []) {
    const reason = impossibleIn(plan, interrupt);
    if (reason !== '') throw new UsageError(`plan: --interrupt ${interruptText(interrupt)}: ${reason}`);
  }
  const looked = wanted.filter(({ name }) => plan.shams.includes(name));
  return {
    ...{ trial, plan },
    planted: disturbance === undefined ? planted : disturbancesOf(request, [trial.fault]),
    shams: [...looked, ...disturbancesOf(request, shamDisturbances)],
  };
}

function disturbancesOf({ ratePerSecond }: CampaignRequest, names: readonly string[]): Confirmable[] {
  return names.flatMap((name) => {
    const asked = disturbanceNamed(name);
    return asked === undefined ? [] : [confirmableDisturbance(name, asked, ratePerSecond)];
  });
}

function interruptsOf(texts: readonly string[]): Interrupt[] {
  return texts.map((text) => {
    const interrupt = parseInterrupt(text);
    if (interrupt === undefined)
      throw new UsageError(`plan: --interrupt ${text}: allowed are ${INTERRUPT_FORM}`);
    return interrupt;
  });
}

/** Tells a campaign's schedule which edit a fault draws from a seed. */
export function variantsOf(request: CampaignRequest): VariantOf {
  return (trial) =>
    faultsNamed('plan', trial.fault).some(({ varies }) => varies === true)
      ? JSON.stringify(prepareTrial(request, { ...trial, trialId: '' }).plan.fault.details)
      : undefined;
}
