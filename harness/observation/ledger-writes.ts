/** Settles the clients' writes of one kind against the rows that hold them, in one shape of the schema. Pure. */
import type { WorkloadWrite } from '../contract/workload.ts';

/** What became of one write. */
export interface WriteVerdict {
  readonly write: WorkloadWrite;
  /**
   * Of an acknowledged write: there once as it was asked for, `lost`, `duplicated`, or there once but
   * `altered`. Of one that was not acknowledged: `absent`, `unacknowledged-found`, or `duplicated`.
   */
  readonly verdict: 'found-once' | 'lost' | 'duplicated' | 'altered' | 'absent' | 'unacknowledged-found';
  /** What was seen, where it is not as it must be. */
  readonly detail: string;
}

/** Rows of the ledger's statement: `request_id` and the fields of the write. */
export interface WriteRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A verdict for each write, in their order. Rows of nobody's request (provocations, say) are passed over. */
export function settleWrites(writes: readonly WorkloadWrite[], table: WriteRows): WriteVerdict[] {
  const idColumn = table.columns.indexOf('request_id');
  const wanted = new Set(writes.map(({ requestId }) => requestId));
  const found = new Map<string, (readonly string[])[]>();
  for (const row of table.rows) {
    const requestId = row[idColumn] ?? '';
    if (!wanted.has(requestId)) continue;
    const copies = found.get(requestId);
    if (copies === undefined) found.set(requestId, [row]);
    else copies.push(row);
  }
  return writes.map((write) => verdictOf(write, table.columns, found.get(write.requestId) ?? []));
}

function verdictOf(
  write: WorkloadWrite,
  columns: readonly string[],
  copies: readonly (readonly string[])[],
): WriteVerdict {
  const [row] = copies;
  if (row === undefined)
    return write.acknowledged
      ? { write, verdict: 'lost', detail: 'acknowledged, and not there' }
      : { write, verdict: 'absent', detail: '' };
  if (copies.length > 1) {
    const acknowledged = write.acknowledged ? 'acknowledged' : 'not acknowledged';
    return { write, verdict: 'duplicated', detail: `${acknowledged}, and there ${copies.length} times` };
  }
  if (!write.acknowledged)
    return { write, verdict: 'unacknowledged-found', detail: 'not acknowledged, and there' };
  const differing = Object.entries(write.fields).filter(
    ([name, value]) => row[columns.indexOf(name)] !== value,
  );
  if (differing.length === 0) return { write, verdict: 'found-once', detail: '' };
  const seen = differing.map(
    ([name, value]) => `${name} ${short(value)} became ${short(row[columns.indexOf(name)])}`,
  );
  return { write, verdict: 'altered', detail: seen.join(', ') };
}

const SHORT_CHARACTERS = 60;

function short(value: string | undefined): string {
  const text = value ?? '(no such column)';
  return JSON.stringify(text.length > SHORT_CHARACTERS ? `${text.slice(0, SHORT_CHARACTERS)}...` : text);
}

const GRAVITY = ['absent', 'found-once', 'unacknowledged-found', 'altered', 'duplicated', 'lost'] as const;

/** Of the verdicts on the same write in several shapes of the schema, the gravest. */
export function gravest(a: WriteVerdict, b: WriteVerdict): WriteVerdict {
  return GRAVITY.indexOf(b.verdict) > GRAVITY.indexOf(a.verdict) ? b : a;
}
