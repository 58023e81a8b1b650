/**
 * The ledger: what the system acknowledged to its users, settled against what it holds, in every complete
 * shape of the schema that is there and that a serving release uses: once no host reads a shape any more, nobody keeps it
 * in step, and nobody misses what it lacks. Phases: read the shape; settle the writes of each kind; list derived
 * values that contradict their source; compare the seed rows with what they were.
 */
import type { LedgerFigures, LedgerRow } from '../../results/schema.ts';
import type { LedgerSpec } from '../contract/scenario.ts';
import type { Release } from '../contract/topology.ts';
import type { WorkloadWrite } from '../contract/workload.ts';
import { readSeedRows, type SeedRows, seedDifferences } from './ledger-seed.ts';
import { type Query, readTable } from './ledger-table.ts';
import { gravest, settleWrites, type WriteVerdict } from './ledger-writes.ts';

export { readSeedRows, type SeedRows } from './ledger-seed.ts';
export type { Query } from './ledger-table.ts';

/** Most lines of `figures.details`; all findings are in `rows`. */
export const MAX_DETAILS = 50;
/** Most findings of one check of derived values or seed rows that become rows; they are counted all the same. */
const MAX_ROWS_OF_A_CHECK = 1_000;

/** What is settled. */
export interface LedgerRequest {
  readonly spec: LedgerSpec;
  readonly query: Query;
  /** All writes that the clients asked for, acknowledged or not. */
  readonly writes: readonly WorkloadWrite[];
  /** Releases of the hosts that read the data; all of a schema's shapes count where there is none. */
  readonly releases: readonly Release[];
  /** The seed rows as `readSeedRows` found them before the load. */
  readonly seedBefore: SeedRows;
}

/**
 * Settles the ledger. Every acknowledged write is counted in exactly one of `foundOnce`, `lost`,
 * `duplicated` and `altered` (the gravest, where both shapes are in use), except those of a kind that could
 * not be read; `duplicated` also counts unacknowledged writes that took effect more than once.
 */
export async function settleLedger(
  request: LedgerRequest,
): Promise<{ figures: LedgerFigures; rows: LedgerRow[] }> {
  const findings: Findings = { rows: [], unreadable: [...request.seedBefore.unreadable] };
  const shapes = await shapesInUse(request, findings);
  const verdicts = await writeVerdicts(request, shapes, findings);
  const derivedWrong = await checkDerived(request, shapes, findings);
  const seed = await checkSeed(request, shapes, findings);
  const count = (verdict: WriteVerdict['verdict']) =>
    verdicts.filter((one) => one.verdict === verdict).length;
  return {
    figures: {
      acknowledged: request.writes.filter(({ acknowledged }) => acknowledged).length,
      foundOnce: count('found-once'),
      lost: count('lost'),
      duplicated: count('duplicated'),
      altered: count('altered'),
      unacknowledgedFound: count('unacknowledged-found'),
      derivedWrong,
      seedBuckets: seed.compared,
      seedBucketsDiffering: seed.differing,
      unreadable: findings.unreadable,
      details: detailsOf(findings.rows),
    },
    rows: findings.rows,
  };
}

interface Findings {
  readonly rows: LedgerRow[];
  readonly unreadable: string[];
}

async function shapesInUse({ spec, query, releases }: LedgerRequest, findings: Findings): Promise<Release[]> {
  const table = await readTable(query, spec.shape, 'shape of the schema', []);
  const shape = table.read ? table.rows[0]?.[0] : undefined;
  if (shape === 'old' || shape === 'new') return [shape];
  if (shape === 'both') {
    const both: Release[] = ['old', 'new'];
    return releases.length === 0 ? both : both.filter((one) => releases.includes(one));
  }
  const seen = table.read
    ? `shape of the schema: must be old, new or both, saw ${shape ?? 'nothing'}`
    : table.reason;
  findings.unreadable.push(seen);
  return [];
}

async function writeVerdicts(
  { spec, query, writes }: LedgerRequest,
  shapes: readonly Release[],
  findings: Findings,
): Promise<WriteVerdict[]> {
  const byKind = Map.groupBy(writes, ({ kind }) => kind);
  const verdicts: WriteVerdict[] = [];
  for (const [kind, ofKind] of byKind) {
    let settled: WriteVerdict[] | undefined;
    for (const shape of shapes) {
      const statement = spec.writes(shape).find((one) => one.kind === kind)?.statement;
      const subject = `writes of kind ${kind} in the ${shape} shape`;
      if (statement === undefined) {
        findings.unreadable.push(`${subject}: the scenario has no statement for them`);
        continue;
      }
      const fields = Object.keys(ofKind[0]?.fields ?? {});
      const table = await readTable(query, statement, subject, ['request_id', ...fields]);
      if (!table.read) {
        findings.unreadable.push(table.reason);
        continue;
      }
      const inShape = settleWrites(ofKind, table).map((one) => ({
        ...one,
        detail: labelled(one.detail, shape),
      }));
      settled = settled?.map((one, n) => gravest(one, inShape[n] as WriteVerdict)) ?? inShape;
    }
    verdicts.push(...(settled ?? []));
  }
  for (const { write, verdict, detail } of verdicts)
    if (verdict !== 'found-once' && verdict !== 'absent')
      findings.rows.push({ kind: write.kind, request_id: write.requestId, verdict, detail });
  return verdicts;
}

function labelled(detail: string, shape: Release): string {
  return detail === '' ? '' : `${detail} (${shape} shape)`;
}

async function checkDerived(
  { spec, query }: LedgerRequest,
  shapes: readonly Release[],
  findings: Findings,
): Promise<number> {
  let wrong = 0;
  for (const shape of shapes) {
    for (const { name, statement } of spec.derived(shape)) {
      const table = await readTable(query, statement, `derived values ${name} in the ${shape} shape`, []);
      if (!table.read) {
        findings.unreadable.push(table.reason);
        continue;
      }
      wrong += table.rows.length;
      for (const row of table.rows.slice(0, MAX_ROWS_OF_A_CHECK)) {
        const seen = row.map((value, n) => `${table.columns[n]} ${value}`).join(', ');
        findings.rows.push({
          kind: 'derived',
          request_id: '',
          verdict: 'derived-wrong',
          detail: `${name}: ${seen} (${shape} shape)`,
        });
      }
    }
  }
  return wrong;
}

async function checkSeed(
  { spec, query, seedBefore }: LedgerRequest,
  shapes: readonly Release[],
  findings: Findings,
): Promise<{ compared: number; differing: number }> {
  let compared = 0;
  let differing = 0;
  for (const shape of shapes) {
    const after = await readSeedRows(spec, query, shape);
    findings.unreadable.push(...after.unreadable, ...neverRead(seedBefore, after, shape));
    compared += seedBefore.buckets.size;
    const differences = seedDifferences(seedBefore, after);
    differing += differences.length;
    for (const { detail } of differences.slice(0, MAX_ROWS_OF_A_CHECK))
      findings.rows.push({
        kind: 'seed',
        request_id: '',
        verdict: 'seed-differs',
        detail: `${detail} (${shape} shape)`,
      });
  }
  return { compared, differing };
}

/** Statements of one time that the other time had no counterpart of, and no reason either. */
function neverRead(before: SeedRows, after: SeedRows, shape: Release): string[] {
  if (before.unreadable.length > 0 || after.unreadable.length > 0) return [];
  const lone = [
    ...before.names.filter((name) => !after.names.includes(name)),
    ...after.names.filter((name) => !before.names.includes(name)),
  ];
  return lone.map((name) => `seed rows ${name}: not read both before the load and in the ${shape} shape`);
}

function detailsOf(rows: readonly LedgerRow[]): string[] {
  const lines = rows.map((row) =>
    [row.verdict, row.kind, row.request_id, row.detail].filter(Boolean).join(' '),
  );
  if (lines.length <= MAX_DETAILS) return lines;
  return [...lines.slice(0, MAX_DETAILS - 1), `and ${lines.length - MAX_DETAILS + 1} more`];
}
