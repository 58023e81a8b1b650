/**
 * How long clients wait in the quiescence that ends in a switch, and what they lose: many switches at several rates and
 * sizes of the data. The peer changes one table only: the rename that ends an online schema change, under as many writes.
 */
import type { TrialRecord } from '../../results/schema.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { scenarioNamed } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { BenchResult } from './bench.ts';
import { type SwitchoverRun, switchoverResult } from './switchover-figures.ts';
import { renames } from './switchover-peer.ts';
import { withSwitches } from './switchover-plan.ts';
import { changedTrial } from './switchover-trial.ts';

/** Requests a second. */
const RATES = [50, 150, 300] as const;
/** Multiples of the data that is asked for. */
const MULTIPLES = [1, 10] as const;
/** Renames beside each rate and size. */
const RENAMES = 3;

/** Brings what systems of a multiple of the data need. */
export type InstrumentOf = (scale: number) => Promise<Instrument>;

/** Runs the benchmark: one system for each rate and size, in which clients are switched as often as asked. */
export async function benchSwitchover(bench: {
  readonly instrumentOf: InstrumentOf;
  readonly request: CampaignRequest;
  readonly switches: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): Promise<BenchResult> {
  const { say, signal } = bench;
  const runs: SwitchoverRun[] = [];
  for (const multiple of MULTIPLES) {
    const scale = bench.request.scale * multiple;
    const instrument = await bench.instrumentOf(scale);
    const records: { rate: number; record: TrialRecord }[] = [];
    for (const ratePerSecond of RATES) {
      signal.throwIfAborted();
      const request: CampaignRequest = { ...bench.request, scale, ratePerSecond };
      const record = await changedTrial({ ...instrument, signal }, request, (plan) =>
        withSwitches(plan, bench.switches, multiple),
      );
      say(
        `${ratePerSecond}/s, ${multiple}x data: ${record.imago?.quiescences.length} quiescences, ${record.upgrade.outcome}`,
      );
      records.push({ rate: ratePerSecond, record });
    }
    const size = { hosts: bench.request.hosts, scale };
    const scenario = scenarioNamed('bench', bench.request.scenario);
    const rates = records.flatMap(({ record }) => Array(RENAMES).fill(writesPerSecond(record)) as number[]);
    const renamesMs = await renames({ engine: instrument.engine, scenario, size, say, signal }, rates);
    for (const [index, { rate, record }] of records.entries())
      runs.push({
        rate,
        multiple,
        record,
        renamesMs: renamesMs.slice(index * RENAMES, (index + 1) * RENAMES),
      });
  }
  return switchoverResult(runs, bench.switches);
}

function writesPerSecond({ ledger, windows }: TrialRecord): number {
  const seconds = windows.warmUpS + windows.beforeS + windows.horizonS;
  const acknowledged = ledger?.afterHorizon.acknowledged ?? 0;
  if (acknowledged === 0) throw new Error('bench switchover: the ledger knows of no write');
  return acknowledged / seconds;
}
