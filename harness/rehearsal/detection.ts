/**
 * Whether an operator's own tools would have caught a fault: a scenario's detectors are run on the hosts that the edit
 * touched, with the fault and at the same place of a control, and what they complain of there too counts for nothing.
 *
 * The place is where an operator would run them: after the host's last edited step, and if a service of the host is
 * started or reloaded later, or by that step too early, right before that. An upgrade may be stopped before it comes to the last one, so
 * that they are also run after the first.
 */
import type { Detector, DetectorName } from '../contract/detector.ts';
import type { Reading } from '../contract/observation.ts';
import type { Plan } from '../contract/plan.ts';
import type { ObserveStep, Step, StepId } from '../contract/step.ts';
import type { HostName, HostSpec, Tier, Universe } from '../contract/topology.ts';
import { joinLanes } from '../plan/lanes.ts';
import { flatten, hostOf } from '../plan/rows.ts';

/** Name under which detectors' readings go, in place of a fault's. */
const READINGS_OF = 'detectors';

/** Longest that a detector's words are kept. */
const WORDS_CHARACTERS = 200;

/** Where on the way detectors are run on a host: before a step that control and fault have, or at the end. */
export interface DetectionPlace {
  readonly universe: Universe;
  readonly host: HostName;
  readonly before: StepId | 'end';
}

/** What a detector said of one host. */
export interface Detection {
  readonly detector: DetectorName;
  readonly caught: boolean;
  /** What it complains of that it does not on the control, shortened; empty where nothing. */
  readonly words: string;
}

/** Places for a plan's fault; none where its edit touches no host of the system. */
export function placesOf(
  { upgrade }: Pick<Plan, 'upgrade'>,
  specs: readonly Pick<HostSpec, 'name'>[],
): DetectionPlace[] {
  const edits = new Map<string, { indices: number[]; universe: Universe; host: HostName }>();
  for (const [index, step] of upgrade.entries())
    if (step.edit !== undefined)
      for (const one of flatten([step])) {
        const [{ universe }, host] = [one, hostOf(one)];
        if (!specs.some(({ name }) => name === host)) continue;
        const known = edits.get(`${universe}/${host}`) ?? { indices: [], universe, host };
        edits.set(`${universe}/${host}`, { ...known, indices: [...known.indices, index] });
      }
  return [...edits.values()].flatMap(({ indices, universe, host }) => {
    const isStart = (step: Step) => startsService(step) && step.host === host && step.universe === universe;
    const after = (index: number): DetectionPlace => {
      const edited = upgrade[index];
      if (edited?.edit?.change === 'moved' && isStart(edited)) return { universe, host, before: edited.id };
      const rest = upgrade.slice(index + 1);
      const next = rest.slice(Math.max(rest.findIndex(isStart), 0)).find(inBoth);
      return { universe, host, before: next?.id ?? 'end' };
    };
    const endOfFirst = indices.find((index) => !indices.includes(index + 1)) ?? 0;
    const [first, last] = [after(endOfFirst), after(indices.at(-1) ?? 0)];
    return first.before === last.before ? [last] : [first, last];
  });
}

/** A plan that also runs the detectors at these places. */
export function withDetectors(
  plan: Plan,
  places: readonly DetectionPlace[],
  detectors: readonly Detector[],
  specs: readonly HostSpec[],
): Plan {
  const tierOf = (host: HostName) => specs.find(({ name }) => name === host)?.tier;
  const at = (before: string) =>
    unique(places.filter((place) => place.before === before)).flatMap((place) =>
      readingsAt(place, detectors, tierOf(place.host)),
    );
  const upgrade = plan.upgrade.flatMap((step) => [...at(step.id), step]);
  return { ...plan, upgrade: joinLanes([...upgrade, ...at('end')]) };
}

/**
 * What each detector said at a fault's places, against a control with detectors at the same places. A detector without
 * a reading on either side is left out: nothing is known of it.
 */
export function detectionsOf(
  places: readonly DetectionPlace[],
  detectors: readonly Detector[],
  withFault: readonly Reading[],
  control: readonly Reading[],
): Detection[] {
  return detectors.flatMap(({ name }): Detection[] => {
    const compared = places.flatMap((place) => {
      const ours = complaintsIn(withFault, idOf(place, name));
      const theirs = complaintsIn(control, idOf(place, name));
      return ours === undefined || theirs === undefined
        ? []
        : [{ place, news: ours.filter((line) => !theirs.includes(line)) }];
    });
    if (compared.length === 0) return [];
    const told = compared.find(({ news }) => news.length > 0);
    const words = told === undefined ? '' : `${told.place.host}: ${shortened(told.news.join(' '))}`;
    return [{ detector: name, caught: told !== undefined, words }];
  });
}

/** The first of a detector's words. */
export function shortened(words: string): string {
  return words.length > WORDS_CHARACTERS ? `${words.slice(0, WORDS_CHARACTERS)}…` : words;
}

type HostStep = Extract<Step, { host: HostName }>;

function startsService(step: Step): step is HostStep {
  return step.kind === 'service' && step.action !== 'stop';
}

/** Whether the unedited procedure has the step there too. */
function inBoth({ kind, edit }: Step): boolean {
  return kind !== 'observe' && edit?.change !== 'inserted' && edit?.change !== 'moved';
}

function idOf({ universe, host, before }: DetectionPlace, detector: DetectorName): StepId {
  return `observe/${READINGS_OF}/${detector}-${universe}-${host}-before-${before.replaceAll('/', '-')}`;
}

function unique(places: readonly DetectionPlace[]): DetectionPlace[] {
  return [...new Map(places.map((place) => [`${place.universe}/${place.host}`, place])).values()];
}

function readingsAt(
  place: DetectionPlace,
  detectors: readonly Detector[],
  tier: Tier | undefined,
): ObserveStep[] {
  return detectors.flatMap(({ name, summary, commands }): ObserveStep[] => {
    const argv = tier === undefined ? undefined : commands[tier];
    if (argv === undefined) return [];
    return [
      {
        kind: 'observe',
        id: idOf(place, name),
        title: `Ask ${summary} on ${place.host}`,
        universe: place.universe,
        host: place.host,
        fault: READINGS_OF,
        observation: { read: 'command', argv },
      },
    ];
  });
}

/** Lines of a reading, without what differs from run to run; undefined where it was not taken. */
function complaintsIn(readings: readonly Reading[], stepId: StepId): string[] | undefined {
  const result = readings.find((reading) => reading.stepId === stepId)?.result;
  if (result === undefined || !result.taken || result.exitCode !== 0) return undefined;
  return result.stdout
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'ADDRESS')
        .replaceAll(/0x[0-9a-f]+/g, 'POINTER'),
    )
    .filter((line) => line !== '');
}
