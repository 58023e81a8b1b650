/**
 * Backfill through a projection, in key-ordered chunks, while the system serves. Upserts, so that a chunk
 * can be repeated and rows that triggers wrote already are met without harm. All chunks of a table run in one
 * client session: starting a client for each would cost more than most chunks.
 */
import type { ProjectionSource } from '../contract/projection.ts';
import type { ConvertStep } from '../contract/step.ts';
import type { ExecResult } from '../provision/shell.ts';
import { StepFailure } from './step-failure.ts';

/** Attempts for a chunk that meets a deadlock or a lock timeout with live requests. */
const CHUNK_ATTEMPTS = 5;

/** Runs the backfill of one target table. Throws with the refused statement's error. */
export async function convert(
  step: ConvertStep,
  query: (statement: string) => Promise<ExecResult>,
): Promise<void> {
  for (const source of step.projection.sources) {
    const { exitCode, stderr } = await query(backfillScript(step, source));
    if (exitCode !== 0) {
      throw new StepFailure(
        `convert ${source.table} into ${step.projection.target}: ${stderr.trim().slice(0, 400)}`,
      );
    }
  }
}

/**
 * The script, for the mariadb client, that converts a source's rows as they are when it begins; later ones
 * are the triggers' work. Each chunk is a transaction of its own.
 */
function backfillScript(step: ConvertStep, source: ProjectionSource): string {
  return `DELIMITER //
BEGIN NOT ATOMIC
  DECLARE chunk_low, chunk_high, key_last BIGINT;
  DECLARE chunk_attempt INT;
  DECLARE chunk_contended BOOL;
  SELECT COALESCE(MIN(${source.key}), 0) - 1, COALESCE(MAX(${source.key}), -1) INTO chunk_low, key_last FROM ${source.table};
  WHILE chunk_low < key_last DO
    SET chunk_high = LEAST(chunk_low + ${step.chunkRows}, key_last), chunk_attempt = 0, chunk_contended = TRUE;
    WHILE chunk_contended DO
      SET chunk_attempt = chunk_attempt + 1, chunk_contended = FALSE;
      BEGIN
        DECLARE CONTINUE HANDLER FOR 1213, 1205, 1020
        BEGIN
          IF chunk_attempt >= ${CHUNK_ATTEMPTS} THEN RESIGNAL; END IF;
          SET chunk_contended = TRUE;
        END;
        ${statement(step, source)};
      END;
    END WHILE;
    SET chunk_low = chunk_high;
  END WHILE;
END//
`;
}

/** Rows of a source that is the target itself are there already: to update them costs a quarter less than an upsert. */
function statement(step: ConvertStep, source: ProjectionSource): string {
  return source.table === step.projection.target ? update(step, source) : upsert(step, source);
}

function update(step: ConvertStep, source: ProjectionSource): string {
  const { target, columns, key } = step.projection;
  const others = columns.filter((column) => column !== key);
  return `UPDATE ${target} t JOIN (
          WITH projected (${columns.join(', ')}) AS (${inChunk(source)}) SELECT * FROM projected
        ) p ON t.${key} = p.${key}
        SET ${others.map((column) => `t.${column} = p.${column}`).join(', ')}`;
}

function inChunk(source: ProjectionSource): string {
  return `${source.select} WHERE s.${source.key} > chunk_low AND s.${source.key} <= chunk_high`;
}

function upsert(step: ConvertStep, source: ProjectionSource): string {
  const { target, columns, key } = step.projection;
  const others = columns.filter((column) => column !== key);
  const updated = others.length === 0 ? [key] : others;
  return `INSERT INTO ${target} (${columns.join(', ')})
        ${inChunk(source)}
        ON DUPLICATE KEY UPDATE ${updated.map((column) => `${column} = VALUES(${column})`).join(', ')}`;
}
