/**
 * What the report's colours must do for every reader, computed: contrast as WCAG 2.2 defines it, and distances as
 * people with protanopia, deuteranopia and tritanopia see them.
 */
import { expect } from 'chai';
import { containmentChart } from '../../analysis/charts/containment.ts';
import { faultKindsChart } from '../../analysis/charts/fault-kinds.ts';
import { leaseImpactChart } from '../../analysis/charts/lease-impact.ts';
import { outageLatencyChart } from '../../analysis/charts/outage-latency.ts';
import { overheadChart } from '../../analysis/charts/overhead.ts';
import {
  type ChartSpec,
  IMPACT_COLOURS,
  IMPACT_LETTERS,
  INKS,
  LETTERS,
  PAGE_INKS,
  strengthOf,
} from '../../analysis/charts/palette.ts';
import { primaryImpactChart } from '../../analysis/charts/primary-impact.ts';
import { quiescenceChart } from '../../analysis/charts/quiescence.ts';
import { resilienceChart } from '../../analysis/charts/resilience.ts';
import { timelineChart } from '../../analysis/charts/timeline.ts';
import { IMPACTS } from '../../analysis/rules.ts';
import { chartLayers, type Layer } from './chart-layers.ts';
import { contrast, leastDistance, mixed, VISIONS } from './colour-vision.ts';

/** WCAG 2.2, success criterion 1.4.3: text. */
const TEXT_CONTRAST = 4.5;
/** WCAG 2.2, success criterion 1.4.11: parts of graphics that are needed to understand them. */
const GRAPHIC_CONTRAST = 3;
/** CIE 1976 distance below which colours of small marks are taken for the same; 2.3 is just noticeable side by side. */
const APART = 20;

const MODES = ['light', 'dark'] as const;

describe('colours of the report', () => {
  for (const mode of MODES) {
    const { paper, text, quiet, empty } = INKS[mode];
    const { ground, accent, yes, good, mark, markEdge } = PAGE_INKS[mode];

    it(`${mode}: texts are read on what they stand on`, () => {
      const pairs = {
        'text on paper': [text, paper],
        'text on ground': [text, ground],
        'text on empty': [text, empty],
        'quiet on paper': [quiet, paper],
        'quiet on ground': [quiet, ground],
        'link on paper': [accent, paper],
        'yes on paper': [yes, paper],
        'good on paper': [good, paper],
        'text on an edited step': [text, mark],
        'quiet on an edited step': [quiet, mark],
      };
      const poor = Object.entries(pairs).filter(([, [a = '', b = '']]) => contrast(a, b) < TEXT_CONTRAST);
      expect(poor.map(([name, [a = '', b = '']]) => `${name}: ${contrast(a, b).toFixed(2)}`)).to.deep.equal(
        [],
      );
      expect(contrast(markEdge, mark), 'edge of an edited step').to.be.at.least(GRAPHIC_CONTRAST);
    });

    it(`${mode}: shares are read on squares of every impact and strength`, () => {
      const poor = IMPACTS.flatMap((impact) =>
        [0.01, 0.25, 0.5, 0.75, 0.99].flatMap((share) => {
          const fill = mixed(IMPACT_COLOURS[impact] ?? '', paper, strengthOf(share) / 100);
          const seen = contrast(text, fill);
          return seen < TEXT_CONTRAST ? [`${impact} at ${share}: ${seen.toFixed(2)}`] : [];
        }),
      );
      expect(poor).to.deep.equal([]);
    });
  }

  it('shares are read on full squares', () => {
    const poor = IMPACTS.flatMap((impact) => {
      const seen = contrast(LETTERS[IMPACT_LETTERS[impact] ?? 'dark'], IMPACT_COLOURS[impact] ?? '');
      return seen < TEXT_CONTRAST ? [`${impact}: ${seen.toFixed(2)}`] : [];
    });
    expect(poor).to.deep.equal([]);
  });

  it('knows the published contrasts and what a colour-blind reader confuses', () => {
    expect(contrast('#ffffff', '#000000')).to.be.closeTo(21, 0.01);
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.01);
    expect(leastDistance('#ff0000', '#00ff00', ['normal'])).to.be.above(150);
    // A green and a brown that differ along the line that deuteranopes do not see.
    expect(leastDistance('#7a8b00', '#b07a1a', ['deuteranopia'])).to.be.below(APART);
  });
});

const SERIES = { firstSecond: 0, offered: [1, 1], ok: [1, 0], failed: [0, 1], p95Ms: [1, null] };
const CAMPAIGN_CHARTS: Readonly<Record<string, (mode: 'light' | 'dark') => ChartSpec>> = {
  containment: (mode) =>
    containmentChart(
      [
        'reached-users',
        'undecided',
        'unfinished',
        'not-activated',
        'redundancy',
        'discarded',
        'stopped-by:health',
        'not-reached',
        'inapplicable',
      ].map((containment) => ({ approach: 'a', containment, trials: 9 })),
      ['a'],
      mode,
      600,
    ),
  'primary impact': (mode) =>
    primaryImpactChart(
      [...IMPACTS, 'inconclusive', 'none'].map((primary) => ({ type: 1, approach: 'a', primary, trials: 9 })),
      IMPACTS,
      mode,
      600,
    ),
  'fault kinds': (mode) =>
    faultKindsChart([{ type: 1, violation: 'omitted', faults: 2, trials: 4 }], mode, 300),
  'leased against impact': (mode) =>
    leaseImpactChart(
      [{ approach: 'a', faults: 4, reached: 1, low: 0, high: 0.8, leftOut: '', leasedS: 4, cpuSeconds: 3 }],
      mode,
      300,
    ),
  'outage and latency': (mode) =>
    outageLatencyChart(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((approach) => ({
        trialId: approach,
        type: 1,
        fault: 'x',
        approach,
        outageS: 1,
        p95Ms: 6,
      })),
      { mode, approaches: ['a', 'b', 'c', 'd', 'e', 'f'], widthPx: 600, namesPx: 100 },
    ),
  quiescence: (mode) =>
    quiescenceChart(
      ['terminate', 'switch', 'other'].map((phase) => ({
        trialId: 't',
        approach: 'a',
        beside: '',
        ratePerSecond: 150,
        scale: 1,
        rows: 9,
        phase,
        lastedMs: 9,
        peakWaiting: 1,
        ended: 'released',
        isUsual: phase !== 'other',
      })),
      'scale',
      mode,
      300,
    ),
  overhead: (mode) =>
    overheadChart(
      (['p50', 'p95'] as const).map((percentile) => ({ trialId: 't', name: 'a', percentile, ms: 4 })),
      mode,
      300,
    ),
  resilience: (mode) =>
    resilienceChart(
      [
        {
          approach: 'a',
          format: 'json',
          kind: 'number',
          mutations: 28,
          gates: {},
          counts: { felt: 4, latent: 4, 'at-start': 4, 'later-gate': 4, never: 4, undecided: 4, lost: 4 },
        },
      ],
      mode,
      600,
    ),
  timeline: (mode) =>
    timelineChart(
      {
        trialId: 't',
        ...SERIES,
        phases: [{ phase: 'before', fromS: 0, toS: 2 }],
        steps: ['done', 'failed', 'unfinished'].map((outcome) => ({
          host: 'web1',
          title: 'x',
          fromS: 0,
          toS: 1,
          outcome,
          edit: 'omitted',
          gate: 'health',
        })),
        readings: [{ atS: 1, host: 'web1', title: 'x' }],
        imago: {
          transfer: [{ atS: 1, rowsPerS: 2, pausePercent: 1, driverMb: 1 }],
          phases: [{ phase: 'driver', fromS: 0, toS: 1, text: 'x' }],
          marks: (
            ['quiescence', 'gate passed', 'gate refused', 'redirection', 'driver restarted'] as const
          ).map((what) => ({ phase: 'driver', what, atS: 1, text: '' })),
        },
      },
      mode,
      700,
    ),
};

describe('colours of the charts', () => {
  for (const [name, chartOf] of Object.entries(CAMPAIGN_CHARTS)) {
    it(`${name}: colours that colour-blind readers take for each other have a second sign`, () => {
      const layers = chartLayers(chartOf('light'));
      expect(layers, 'marks that are looked at').to.not.be.empty;
      const alone = layers.filter((layer) => !layer.hasSecondSign).flatMap(confused);
      expect(alone).to.deep.equal([]);
    });

    it(`${name}: lines and points are seen on either paper`, () => {
      const faint = MODES.flatMap((mode) =>
        chartLayers(chartOf(mode))
          .filter(({ mark, isOutlined }) => (mark === 'line' || mark === 'point') && !isOutlined)
          .flatMap(({ colours }) =>
            colours.filter((colour) => contrast(colour, INKS[mode].paper) < GRAPHIC_CONTRAST),
          )
          .map((colour) => `${mode}: ${colour}`),
      );
      expect(faint).to.deep.equal([]);
    });
  }

  it('finds a planted chart that tells by colour alone, wherever in another one it is', () => {
    const planted: ChartSpec = {
      mark: 'bar',
      encoding: { color: { field: 'x', scale: { domain: ['a', 'b'], range: ['#D55E00', '#C65A10'] } } },
    };
    const within: readonly ChartSpec[] = [
      { layer: [planted] },
      { vconcat: [{ hconcat: [planted] }] },
      { concat: [planted] },
      { facet: { row: { field: 'y' } }, spec: planted },
    ];
    for (const chart of [planted, ...within])
      expect(chartLayers(chart).flatMap(confused), Object.keys(chart).join()).to.have.lengthOf(1);
  });
});

/** Pairs of a layer's colours that some reader does not tell apart. */
function confused({ colours }: Layer): string[] {
  return colours.flatMap((a, index) =>
    colours
      .slice(index + 1)
      .filter((b) => leastDistance(a, b, VISIONS) < APART)
      .map((b) => `${a} and ${b}: ${leastDistance(a, b, VISIONS).toFixed(1)}`),
  );
}
