/** Imago's part of a timeline: how fast the driver copied beside the clients, and what its phases came to. */
import type { ChartSpec } from './palette.ts';
import { bottomLegend, phaseLayers, type Scales, type Stretch, seconds, THINNEST_S } from './time-axis.ts';

/** What Imago did in a trial. Times in seconds on the trial's clock. */
export interface ImagoCourse {
  /** Between two tellings of the driver. */
  readonly transfer: readonly {
    readonly atS: number;
    readonly rowsPerS: number;
    /** Share of the time in which the driver paused for the clients' sake, in percent. */
    readonly pausePercent: number;
    readonly driverMb: number;
  }[];
  readonly phases: readonly CoursePhase[];
  readonly marks: readonly CourseMark[];
}

/** From the first to the last step of a phase. */
export interface CoursePhase {
  readonly phase: string;
  readonly fromS: number;
  readonly toS: number;
  /** In short, what came of it. */
  readonly text: string;
}

/** Something at one time, or over a time too short to be seen. */
export interface CourseMark {
  readonly phase: string;
  readonly what: 'quiescence' | 'gate passed' | 'gate refused' | 'redirection' | 'driver restarted';
  readonly atS: number;
  readonly text: string;
}

/**
 * Shapes and colours differ together, for readers who do not see colours apart; sizes differ because the marks of a switch, which
 * takes a fiftieth of a second, lie on top of each other.
 */
const MARKS: Readonly<
  Record<CourseMark['what'], { readonly shape: string; readonly colour: string; readonly sizePx: number }>
> = {
  quiescence: { shape: 'square', colour: '#0072B2', sizePx: 170 },
  'gate passed': { shape: 'circle', colour: '#009E73', sizePx: 75 },
  'gate refused': { shape: 'cross', colour: '#D55E00', sizePx: 75 },
  redirection: { shape: 'triangle-right', colour: '#F0E442', sizePx: 35 },
  'driver restarted': { shape: 'triangle-up', colour: '#E69F00', sizePx: 75 },
};

/** Pixels that the text of a phase needs on its right. */
const TEXT_PX = 250;

/** On a narrower chart texts would lie on the phases' names; they stand in the table of the same numbers. */
const NARROWEST_WITH_TEXT_PX = 420;

/** The transfer, where there was one, and the phases. */
export function imagoPanels(
  course: ImagoCourse,
  phases: readonly Stretch[],
  scales: Scales,
): readonly ChartSpec[] {
  const transfer = course.transfer.length === 0 ? [] : [transferPanel(course, phases, scales)];
  const parts = course.phases.length === 0 ? [] : [coursePanel(course, phases, scales)];
  return [...transfer, ...parts];
}

function transferPanel({ transfer }: ImagoCourse, phases: readonly Stretch[], scales: Scales): ChartSpec {
  const x = { field: 'atS', ...seconds(scales, false) };
  const tooltip = [
    { field: 'atS', type: 'quantitative', title: 'second' },
    { field: 'rowsPerS', type: 'quantitative', title: 'rows/s', format: ',d' },
    { field: 'pausePercent', type: 'quantitative', title: 'paused %', format: 'd' },
    { field: 'driverMb', type: 'quantitative', title: 'driver MB', format: 'd' },
  ];
  const [rows, paused] = ['#0072B2', '#D55E00'];
  return {
    width: scales.widthPx,
    height: 80,
    resolve: { scale: { y: 'independent' } },
    data: { values: transfer },
    layer: [
      ...phaseLayers(phases, scales, false),
      {
        mark: { type: 'line', interpolate: 'step-before', color: rows, strokeWidth: 1.6 },
        encoding: {
          x,
          y: {
            field: 'rowsPerS',
            type: 'quantitative',
            title: 'rows/s',
            axis: { tickCount: 3, format: '~s', titleColor: rows },
          },
          tooltip,
        },
      },
      {
        mark: {
          type: 'line',
          interpolate: 'step-before',
          color: paused,
          strokeWidth: 1.6,
          strokeDash: [4, 2],
        },
        encoding: {
          x,
          y: {
            field: 'pausePercent',
            type: 'quantitative',
            title: 'paused %',
            scale: { domain: [0, 100] },
            axis: { tickCount: 3, grid: false, orient: 'right', titleColor: paused },
          },
          tooltip,
        },
      },
    ],
  };
}

function coursePanel(course: ImagoCourse, stretches: readonly Stretch[], scales: Scales): ChartSpec {
  const { ink, domain, widthPx } = scales;
  const [from = 0, to = 1] = domain;
  const rows = [...new Set(course.phases.map(({ phase }) => phase))];
  const y = {
    field: 'phase',
    type: 'nominal',
    title: null,
    sort: rows,
    axis: { grid: true, labelLimit: 110 },
  };
  const bars = course.phases.map((phase) => ({
    ...phase,
    toS: Math.max(phase.toS, phase.fromS + THINNEST_S),
    roomPx: ((to - phase.toS) / (to - from)) * widthPx,
  }));
  const marks = course.marks
    .map((mark) => ({ ...mark, sizePx: MARKS[mark.what].sizePx }))
    .sort((a, b) => b.sizePx - a.sizePx);
  const told = widthPx < NARROWEST_WITH_TEXT_PX ? [] : bars;
  const text = (values: readonly object[], field: string, align: string, dx: number) => ({
    data: { values },
    mark: { type: 'text', align, dx, baseline: 'middle', fontSize: 11, color: ink.text },
    encoding: {
      x: { field, ...seconds(scales, false) },
      y,
      text: { field: 'text', type: 'nominal' },
    },
  });
  const present = Object.entries(MARKS).filter(([what]) => course.marks.some((mark) => mark.what === what));
  const domainOfMarks = present.map(([what]) => what);
  return {
    width: widthPx,
    height: { step: 20 },
    resolve: { scale: { color: 'independent', shape: 'independent' } },
    layer: [
      ...phaseLayers(stretches, scales, false),
      {
        data: { values: bars },
        mark: { type: 'bar', height: 11, cornerRadius: 2, color: ink.line },
        encoding: { x: { field: 'fromS', ...seconds(scales, false) }, x2: { field: 'toS' }, y },
      },
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, opacity: 1, stroke: ink.text, strokeWidth: 0.5 },
        encoding: {
          x: { field: 'atS', ...seconds(scales, false) },
          y,
          shape: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: domainOfMarks, range: present.map(([, { shape }]) => shape) },
            legend: bottomLegend(scales),
          },
          size: { field: 'sizePx', type: 'quantitative', scale: null },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: domainOfMarks, range: present.map(([, { colour }]) => colour) },
            legend: bottomLegend(scales),
          },
          tooltip: ['what', 'text', 'atS'].map((field) => ({
            field,
            title: field === 'atS' ? 'at second' : field,
          })),
        },
      },
      text(
        told.filter(({ roomPx }) => roomPx >= TEXT_PX),
        'toS',
        'left',
        10,
      ),
      text(
        told.filter(({ roomPx }) => roomPx < TEXT_PX),
        'fromS',
        'right',
        -10,
      ),
    ],
  };
}
