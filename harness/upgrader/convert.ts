/**
 * Backfill through a projection, in key-ordered chunks, while the system serves. Upserts, so that a chunk
 * can be repeated and rows that triggers wrote already are met without harm.
 */
import type { ProjectionSource } from '../contract/projection.ts';
import type { ConvertStep } from '../contract/step.ts';
import type { ExecResult } from '../provision/exec.ts';

/** Attempts for a chunk that meets a deadlock or a lock timeout with live requests. */
const CHUNK_ATTEMPTS = 5;

/** Runs the backfill of one target table. Throws with the refused statement's error. */
export async function convert(
  step: ConvertStep,
  query: (statement: string) => Promise<ExecResult>,
): Promise<void> {
  for (const source of step.projection.sources) {
    const range = await rows(
      query(`SELECT COALESCE(MIN(${source.key}), 0), COALESCE(MAX(${source.key}), -1) FROM ${source.table}`),
    );
    const [low, high] = (range[0] ?? '0\t-1').split('\t').map(Number) as [number, number];
    for (let from = low - 1; from < high; from += step.chunkRows) {
      await chunk(chunkStatement(step, source, from, Math.min(from + step.chunkRows, high)), query);
    }
  }
}

/** The statement that converts the rows with `low < key <= high`. */
export function chunkStatement(
  step: ConvertStep,
  source: ProjectionSource,
  low: number,
  high: number,
): string {
  const { target, columns } = step.projection;
  const updates = columns.slice(1).map((column) => `${column} = VALUES(${column})`);
  return [
    `INSERT INTO ${target} (${columns.join(', ')})`,
    source.select,
    `WHERE s.${source.key} > ${low} AND s.${source.key} <= ${high}`,
    updates.length === 0
      ? `ON DUPLICATE KEY UPDATE ${columns[0]} = ${columns[0]}`
      : `ON DUPLICATE KEY UPDATE ${updates.join(', ')}`,
  ].join('\n');
}

async function chunk(statement: string, query: (statement: string) => Promise<ExecResult>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await query(statement);
    if (result.exitCode === 0) return;
    const isContention = /ERROR (1213|1205|1020)\b/.test(result.stderr);
    if (!isContention || attempt >= CHUNK_ATTEMPTS) {
      throw new Error(
        `convert chunk, attempt ${attempt} of ${CHUNK_ATTEMPTS}: ${result.stderr.trim().slice(0, 400)}`,
      );
    }
  }
}

async function rows(result: Promise<ExecResult>): Promise<string[]> {
  const { exitCode, stdout, stderr } = await result;
  if (exitCode !== 0) throw new Error(`read key range: ${stderr.trim().slice(0, 400)}`);
  return stdout.trim().split('\n');
}
