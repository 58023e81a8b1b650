/** The lowest part of a timeline: what the upgrade did on which host, where the fault was, what gates said. */
import { type ChartSpec, IMPACT_COLOURS } from './palette.ts';
import { bottomLegend, phaseLayers, type Scales, type Stretch, seconds, THINNEST_S } from './time-axis.ts';

/** A bar of the chart. */
export interface TimelineStep {
  readonly host: string;
  readonly title: string;
  readonly fromS: number;
  readonly toS: number;
  /** `done`, `failed`, or `unfinished`: its end was never seen. */
  readonly outcome: string;
  /** What the fault changed about it; empty for most. */
  readonly edit: string;
  /** Which gate the step is; empty for most. */
  readonly gate: string;
}

/** A look at the system that decided whether the fault was in effect. */
export interface TimelineReading {
  readonly atS: number;
  readonly host: string;
  readonly title: string;
}

/** Something about a step that a bar does not tell; shapes differ with the colours, for readers who do not see those apart. */
interface Sign {
  readonly what: string;
  readonly atS: number;
  readonly host: string;
  readonly title: string;
}

const SIGNS: readonly { readonly what: string; readonly shape: string; readonly colour: string }[] = [
  { what: 'changed by the fault', shape: 'diamond', colour: '#CC79A7' },
  { what: 'gate passed', shape: 'circle', colour: '#009E73' },
  { what: 'failed', shape: 'cross', colour: '#D55E00' },
  { what: 'unfinished', shape: 'square', colour: '#0072B2' },
  { what: 'evidence read', shape: 'triangle-down', colour: '#56B4E9' },
];

/** One row a host. */
export function stepsPanels(
  {
    steps,
    readings,
    phases,
  }: {
    readonly steps: readonly TimelineStep[];
    readonly readings: readonly TimelineReading[];
    readonly phases: readonly Stretch[];
  },
  scales: Scales,
): ChartSpec[] {
  if (steps.length === 0) return [];
  const hosts = [...new Set(steps.map(({ host }) => host))];
  const colours: Readonly<Record<string, string>> = {
    done: scales.ink.quiet,
    'changed by the fault': IMPACT_COLOURS['data loss'] ?? '',
    failed: IMPACT_COLOURS['full outage'] ?? '',
    unfinished: IMPACT_COLOURS['security vulnerability'] ?? '',
  };
  const values = steps.map((step) => {
    const state = step.outcome !== 'done' ? step.outcome : step.edit === '' ? 'done' : 'changed by the fault';
    return {
      ...step,
      toS: Math.max(step.toS, step.fromS + THINNEST_S),
      lastedS: Math.round((step.toS - step.fromS) * 1000) / 1000,
      state,
      colour: colours[state] ?? scales.ink.quiet,
    };
  });
  const y = {
    field: 'host',
    type: 'nominal',
    title: null,
    sort: hosts,
    axis: { grid: true, labelLimit: 80 },
  };
  const bars = {
    data: { values },
    mark: { type: 'bar', height: 11, cornerRadius: 2 },
    encoding: {
      x: { field: 'fromS', ...seconds(scales, true) },
      x2: { field: 'toS' },
      y,
      fill: { field: 'colour', type: 'nominal', scale: null, legend: null },
      tooltip: ['title', 'host', 'lastedS', 'state', 'edit', 'gate'].map((field) => ({
        field,
        title: field === 'lastedS' ? 'seconds' : field,
      })),
    },
  };
  return [
    {
      width: scales.widthPx,
      height: { step: 20 },
      layer: [...phaseLayers(phases, scales, false), bars, signsLayer(signsOf(steps, readings), y, scales)],
    },
  ];
}

/** What changed stands at a step's begin, what came of it at its end. */
function signsOf(steps: readonly TimelineStep[], readings: readonly TimelineReading[]): Sign[] {
  const hosts = new Set(steps.map(({ host }) => host));
  const ofSteps = steps.flatMap(({ host, title, fromS, toS, outcome, edit, gate }) => {
    const at = { host, title: gate === '' ? title : `${gate}: ${title}` };
    return [
      ...(edit === '' ? [] : [{ ...at, what: 'changed by the fault', atS: fromS, title: edit }]),
      ...(outcome === 'failed' || outcome === 'unfinished' ? [{ ...at, what: outcome, atS: toS }] : []),
      ...(outcome === 'done' && gate !== '' ? [{ ...at, what: 'gate passed', atS: toS }] : []),
    ];
  });
  const ofReadings = readings
    .filter(({ host }) => hosts.has(host))
    .map((reading) => ({ ...reading, what: 'evidence read' }));
  return [...ofSteps, ...ofReadings];
}

function signsLayer(signs: readonly Sign[], y: ChartSpec, scales: Scales): ChartSpec {
  const present = SIGNS.filter(({ what }) => signs.some((sign) => sign.what === what));
  const scaleOf = (look: 'shape' | 'colour') => ({
    field: 'what',
    type: 'nominal',
    title: null,
    scale: { domain: present.map(({ what }) => what), range: present.map((sign) => sign[look]) },
    legend: bottomLegend(scales),
  });
  return {
    data: { values: signs },
    mark: { type: 'point', filled: true, size: 60, opacity: 1, stroke: scales.ink.text, strokeWidth: 0.5 },
    encoding: {
      x: { field: 'atS', ...seconds(scales, true) },
      y,
      shape: scaleOf('shape'),
      color: scaleOf('colour'),
      tooltip: [
        { field: 'what', type: 'nominal' },
        { field: 'title', type: 'nominal' },
        { field: 'atS', type: 'quantitative', title: 'at second' },
      ],
    },
  };
}
