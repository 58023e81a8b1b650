/** The tables of `docs/judgement.md` that are computed: what controls and repetitions can show, and what simulated trials were labelled. */
import { CLAIMS_ALPHA } from '../../analysis/claims/rules.ts';
import { ALPHA } from '../../analysis/impact/performance-rules.ts';
import { DETECTABLE_CHANCE, LATENCY_EFFECT_RATIO, SUCCESS_RATIO_EFFECT } from '../../analysis/rules.ts';
import { signTest } from '../../analysis/statistics/exact.ts';
import { correctedExact } from '../../analysis/statistics/family.ts';
import { type Instrument, labelledChance, labelledShift } from '../../analysis/statistics/power.ts';
import { ARCSINE } from '../../analysis/statistics/prediction.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { ORACLE_REFERENCES, type Oracle, theOracle } from '../analysis/oracle-runs.ts';

const CONTROLS = [5, 6, 10, 20, 40, 60];

/** Every table by the name that marks its place. */
export function judgementTables(oracle: Oracle = theOracle()): Readonly<Record<string, string>> {
  return {
    'latency-chance': latencyChances(),
    'latency-spread': latencyBySpread(),
    'success-loss': successLosses(),
    repetitions: repetitions(),
    pairs: pairs(),
    oracle: oracleTable(oracle),
    'false-alarms': falseAlarmTable(oracle),
  };
}

/** Latency as it is judged where a quarter of it is 2 ms or more. */
function latency(count: number, deviation: number): Instrument {
  return { count, deviation, threshold: Math.log(LATENCY_EFFECT_RATIO), alpha: ALPHA };
}

function latencyChances(): string {
  const factors = [1.25, 1.5, 2, 3];
  return table(
    ['controls', ...factors.map((factor) => `x ${factor}`), `${DETECTABLE_CHANCE * 100} % from`],
    CONTROLS.map((count) => {
      const instrument = latency(count, 0.13);
      return [
        String(count),
        ...factors.map((factor) => percent(labelledChance(instrument, Math.log(factor)))),
        times(instrument),
      ];
    }),
  );
}

function latencyBySpread(): string {
  const deviations = [0.06, 0.13, 0.25, 0.5];
  return table(
    ['controls', ...deviations.map((deviation) => `sd ${percent(deviation)}`)],
    CONTROLS.map((count) => [
      String(count),
      ...deviations.map((deviation) => times(latency(count, deviation))),
    ]),
  );
}

function times(instrument: Instrument): string {
  return `x ${Math.exp(labelledShift(instrument, DETECTABLE_CHANCE)).toFixed(2)}`;
}

function successLosses(): string {
  const kinds = [
    { name: 'nothing fails', failing: 0, deviation: 0 },
    { name: '0.3 % fail, sd 0.2 points', failing: 0.003, deviation: 0.002 },
    { name: '2 % fail, sd 1 point', failing: 0.02, deviation: 0.01 },
  ];
  return table(
    ['controls', ...kinds.map(({ name }) => name)],
    CONTROLS.map((count) => [
      String(count),
      ...kinds.map(({ failing, deviation }) => {
        const centre = ARCSINE.to(failing);
        const instrument = {
          ...{ count, alpha: ALPHA },
          // The arcsine's slope is 1 / (2 sqrt(p (1 - p))).
          deviation: deviation === 0 ? 0 : deviation / (2 * Math.sqrt(failing * (1 - failing))),
          threshold: ARCSINE.to(failing + SUCCESS_RATIO_EFFECT) - centre,
        };
        const lost = ARCSINE.from(centre + labelledShift(instrument, DETECTABLE_CHANCE)) - failing;
        return `${(100 * lost).toFixed(1)} points`;
      }),
    ]),
  );
}

function repetitions(): string {
  return table(
    ['trials', 'in none', 'in half', 'in all'],
    [2, 4, 6, 10, 20, 30, 60, 72].map((n) => {
      const half = exactShare(n / 2, n);
      return [
        String(n),
        `at most ${percent(exactShare(0, n).high)}`,
        `${percent(half.low)} to ${percent(half.high)}`,
        `at least ${percent(exactShare(n, n).low)}`,
      ];
    }),
  );
}

function pairs(): string {
  return table(
    ['tests that could pass', 'faults, all in one direction', 'faults, one in the other'],
    [1, 2, 5, 10].map((tests) => [
      String(tests),
      ...[0, 1].map((against) => {
        const passes = (faults: number) => {
          const test = signTest(faults - against, faults);
          return (correctedExact(new Array(tests).fill(test), CLAIMS_ALPHA)[0] ?? 1) <= CLAIMS_ALPHA;
        };
        let faults = against + 1;
        while (!passes(faults)) faults += 1;
        return String(faults);
      }),
    ]),
  );
}

function oracleTable({ harms, rounds }: Oracle): string {
  return table(
    ['trial', 'label', ...ORACLE_REFERENCES.map((references) => `${references} controls`)],
    harms.map(({ name, impact, labelled }) => [
      name,
      impact,
      ...ORACLE_REFERENCES.map((references) => percent((labelled.get(references) ?? 0) / rounds, 1)),
    ]),
  );
}

function falseAlarmTable({ alarms }: Oracle): string {
  return table(
    ['latencies vary', ...ORACLE_REFERENCES.map((references) => `${references} controls`)],
    alarms.map(({ noise, counts }) => [
      noise,
      ...ORACLE_REFERENCES.map((references) => {
        const { k = 0, n = 0 } = counts.get(references) ?? {};
        const { low, high } = exactShare(k, n);
        return `${k} of ${n} (${percent(low, 1)} to ${percent(high, 1)})`;
      }),
    ]),
  );
}

/** @param digits behind the point */
function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
