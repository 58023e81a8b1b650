/** Writes one trial's folder: saved at its start, appended while it runs, sealed at its end. */
import { join } from 'node:path';
import { csvText } from './csv.ts';
import { RecordError } from './errors.ts';
import { AppendedLines, makeFolder, writeWhole } from './files.ts';
import {
  BINS_FILE,
  EVENTS_FILE,
  EVIDENCE_FOLDER,
  LEDGER_FILE,
  LOGS_FOLDER,
  PLAN_FILE,
  plainName,
  REQUESTS_FILE,
  TRIAL_FILE,
} from './layout.ts';
import { type Redactor, redactValue } from './redact.ts';
import { type BinsRow, type LedgerRow, type RequestsRow, TrialEvent, TrialRecord } from './schema.ts';
import { writable } from './validate.ts';

export const REQUESTS_COLUMNS = [
  'second',
  'phase',
  'offered',
  'ok',
  'failed',
  'dropped',
  'p50_ms',
  'p95_ms',
  'p99_ms',
] as const satisfies readonly (keyof RequestsRow)[];

export const BINS_COLUMNS = ['start_ms', 'offered', 'ok'] as const satisfies readonly (keyof BinsRow)[];

export const LEDGER_COLUMNS = [
  'kind',
  'request_id',
  'verdict',
  'detail',
] as const satisfies readonly (keyof LedgerRow)[];

/** A trial that is being recorded. All text passes the trial's redactor. */
export class TrialStore {
  readonly folder: string;
  readonly #redact: Redactor;
  readonly #events: AppendedLines;
  #sealed = false;

  /** Made by `CampaignStore.beginTrial`. */
  constructor(folder: string, redact: Redactor) {
    this.folder = folder;
    this.#redact = redact;
    this.#events = new AppendedLines(join(folder, EVENTS_FILE));
  }

  /** Makes the folder and saves the record with `sealed: false`. */
  async begin(record: TrialRecord): Promise<void> {
    await makeFolder(join(this.folder, EVIDENCE_FOLDER));
    await makeFolder(join(this.folder, LOGS_FOLDER));
    await this.#writeRecord({ ...record, sealed: false });
  }

  /** Appends to the timeline; resolves once it is on the disk. Calls keep their order. */
  async event(event: TrialEvent): Promise<void> {
    this.#mustBeOpen('append an event to');
    writable(join(this.folder, EVENTS_FILE), TrialEvent, event);
    await this.#events.append(JSON.stringify(redactValue(this.#redact, event)));
  }

  /** Requests by second of their scheduled start; seconds may be negative before the trial's clock starts. */
  async writeRequests(rows: readonly RequestsRow[]): Promise<void> {
    this.#mustBeOpen('write the requests of');
    await writeWhole(join(this.folder, REQUESTS_FILE), csvText(REQUESTS_COLUMNS, rows));
  }

  /** Offered and served requests in 100 ms bins. */
  async writeBins(rows: readonly BinsRow[]): Promise<void> {
    this.#mustBeOpen('write the bins of');
    await writeWhole(join(this.folder, BINS_FILE), csvText(BINS_COLUMNS, rows));
  }

  /** What the ledger found wrong; an empty list is written too: it says that nothing was. */
  async writeLedger(rows: readonly LedgerRow[]): Promise<void> {
    this.#mustBeOpen('write the ledger of');
    const redacted = rows.map((row) => redactValue(this.#redact, row));
    await writeWhole(join(this.folder, LEDGER_FILE), csvText(LEDGER_COLUMNS, redacted));
  }

  /** Whole text of a reading, under the id of its step. */
  async writeEvidence(stepId: string, text: string): Promise<void> {
    this.#mustBeOpen('write evidence of');
    await writeWhole(join(this.folder, EVIDENCE_FOLDER, `${plainName(stepId)}.txt`), this.#redact(text));
  }

  /** What the services of one host logged. */
  async writeLog(name: string, text: string): Promise<void> {
    this.#mustBeOpen('write a log of');
    await writeWhole(join(this.folder, LOGS_FOLDER, plainName(name)), this.#redact(text));
  }

  /** The plan as the planner printed it. */
  async writePlan(text: string): Promise<void> {
    this.#mustBeOpen('write the plan of');
    await writeWhole(join(this.folder, PLAN_FILE), this.#redact(text));
  }

  /** Saves the final record with `sealed: true`; nothing may be written after it. */
  async seal(record: TrialRecord): Promise<void> {
    this.#mustBeOpen('seal');
    await this.#events.settle();
    await this.#writeRecord({ ...record, sealed: true });
    this.#sealed = true;
  }

  async #writeRecord(record: TrialRecord): Promise<void> {
    const path = join(this.folder, TRIAL_FILE);
    const valid = writable(path, TrialRecord, record);
    await writeWhole(path, `${JSON.stringify(redactValue(this.#redact, valid), null, 1)}\n`);
  }

  #mustBeOpen(operation: string): void {
    if (!this.#sealed) return;
    throw new RecordError('refused', this.folder, `${operation} ${this.folder}: the trial is sealed`);
  }
}
