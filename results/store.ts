/** A campaign's folder: made once, opened as often as it is judged. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, onFile, RecordError } from './errors.ts';
import { makeFolder, writeWhole } from './files.ts';
import { CAMPAIGN_FILE, INTERRUPTED_FOLDER, TRIAL_FILE, TRIALS_FOLDER, trialFolder } from './layout.ts';
import { type Redactor, redactValue } from './redact.ts';
import { SharedRows } from './plan-row.ts';
import { CampaignRecord, TrialRecord } from './schema.ts';
import { namesIn } from './trial-files.ts';
import { TrialStore } from './trial-store.ts';
import { readJson, writable } from './validate.ts';

/** Every trial of a campaign by what can be done with it. Each list is in the order of the ids. */
export interface CampaignTrials {
  /** Complete records: these are judged. */
  readonly sealed: readonly TrialRecord[];
  /** Begun and never sealed: interrupted. Listed, not judged. */
  readonly interrupted: readonly TrialRecord[];
  /** Folders whose `trial.json` cannot be believed, or was written by a newer build, each with the reason. */
  readonly damaged: readonly { readonly trialId: string; readonly error: RecordError }[];
  /** Scheduled ids without a folder. */
  readonly missing: readonly string[];
}

/** One campaign. */
export class CampaignStore {
  readonly folder: string;
  readonly record: CampaignRecord;

  /** Made by `createCampaign` and `openCampaign`. */
  constructor(folder: string, record: CampaignRecord) {
    this.folder = folder;
    this.record = record;
  }

  /**
   * Begins a trial's folder. An interrupted attempt of the same id is moved to `interrupted/`.
   * @param redact takes the trial's secrets out of everything that is written.
   * @throws RecordError `refused` where the trial is sealed already.
   */
  async beginTrial(record: TrialRecord, redact: Redactor = (text) => text): Promise<TrialStore> {
    const folder = trialFolder(this.folder, record.trialId);
    await this.#setAside(folder, record.trialId);
    const trial = new TrialStore(folder, redact);
    await trial.begin(record);
    return trial;
  }

  /**
   * Moves a sealed trial in which the testbed failed to `interrupted/`, so that it can be run again.
   * @throws RecordError `refused` for any other: its outcome is a result.
   */
  async setAsideFailed(trialId: string): Promise<void> {
    const folder = trialFolder(this.folder, trialId);
    const { sealed, outcome } = await this.readTrial(trialId);
    if (!sealed || outcome !== 'harness-failed') {
      const seen = sealed ? outcome : 'not sealed';
      const message = `set aside trial ${trialId}: ${folder} is ${seen}; harness-failed is wanted`;
      throw new RecordError('refused', folder, message);
    }
    await this.#moveAside(folder, trialId);
  }

  async #setAside(folder: string, trialId: string): Promise<void> {
    if (!(await exists(folder))) return;
    const earlier = await this.readTrial(trialId).catch((error: unknown) => {
      if (error instanceof RecordError && canBeReplaced(error)) return undefined;
      throw error;
    });
    if (earlier?.sealed === true) {
      throw new RecordError(
        'refused',
        folder,
        `begin trial ${trialId}: ${folder} holds a sealed trial already`,
      );
    }
    await this.#moveAside(folder, trialId);
  }

  async #moveAside(folder: string, trialId: string): Promise<void> {
    const aside = join(this.folder, INTERRUPTED_FOLDER);
    await makeFolder(aside);
    const attempts = (await namesIn(aside)).filter((name) => name.startsWith(`${trialId}~`)).length;
    await onFile('set aside', folder, () => rename(folder, join(aside, `${trialId}~${attempts + 1}`)));
  }

  /** Folder of a trial, for the readers of `trial-files.ts`. */
  trialFolder(trialId: string): string {
    return trialFolder(this.folder, trialId);
  }

  /** Ids of all trials that were begun. */
  async trialIds(): Promise<string[]> {
    return namesIn(join(this.folder, TRIALS_FOLDER));
  }

  /** One trial's record, sealed or not. */
  async readTrial(trialId: string): Promise<TrialRecord> {
    const path = join(trialFolder(this.folder, trialId), TRIAL_FILE);
    const record = await readJson(path, TrialRecord);
    if (record.trialId === trialId) return record;
    throw new RecordError('damaged', path, `read ${path}: it is the record of trial "${record.trialId}"`);
  }

  /** All trials. */
  async trials(): Promise<CampaignTrials> {
    const sealed: TrialRecord[] = [];
    const interrupted: TrialRecord[] = [];
    const damaged: { trialId: string; error: RecordError }[] = [];
    const rows = new SharedRows();
    const ids = await this.trialIds();
    for (const trialId of ids) {
      try {
        const read = await this.readTrial(trialId);
        const record = { ...read, plan: rows.plan(read.plan) };
        (record.sealed ? sealed : interrupted).push(record);
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        damaged.push({ trialId, error });
      }
    }
    const begun = new Set(ids);
    const missing = this.record.schedule.map((entry) => entry.trialId).filter((id) => !begun.has(id));
    return { sealed, interrupted, damaged, missing };
  }

  /** Saves the campaign's record again, as where trials are scheduled one by one. Gives the store with what was saved. */
  async save(record: CampaignRecord, redact: Redactor = (text) => text): Promise<CampaignStore> {
    const path = join(this.folder, CAMPAIGN_FILE);
    const valid = redactValue(redact, writable(path, CampaignRecord, record));
    await writeWhole(path, `${JSON.stringify(valid, null, 1)}\n`);
    return new CampaignStore(this.folder, valid);
  }
}

/**
 * Whether a trial whose record gives this error is certainly not sealed: it has none, or none that is whole. What cannot
 * be read just now may be.
 */
export function canBeReplaced(error: RecordError): boolean {
  return error.kind === 'damaged' || errorCode(error.cause) === 'ENOENT';
}

/**
 * Makes a campaign's folder. Of two who do so at the same time, one has it.
 * @throws RecordError `exists` where the folder holds anything already.
 */
export async function createCampaign(folder: string, record: CampaignRecord): Promise<CampaignStore> {
  await makeFolder(folder);
  const content = await onFile('list', folder, () => readdir(folder));
  if (content.length > 0) {
    const what = content.includes(CAMPAIGN_FILE)
      ? `it holds a campaign already; name a new folder, or go on with it: --resume ${folder}`
      : 'it is not empty; name a new folder';
    throw new RecordError('exists', folder, `create campaign ${folder}: ${what}`);
  }
  const trials = join(folder, TRIALS_FOLDER);
  await onFile('make folder', trials, async () => {
    try {
      await mkdir(trials);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      const message = `create campaign ${folder}: another process has just begun one in it; name a new folder`;
      throw new RecordError('exists', folder, message);
    }
  });
  return new CampaignStore(folder, record).save(record);
}

/**
 * Opens a campaign's folder for reading, or to go on with it.
 * @throws RecordError `not-a-results-folder`, `damaged`, `newer-version`.
 */
export async function openCampaign(folder: string): Promise<CampaignStore> {
  const path = join(folder, CAMPAIGN_FILE);
  if (!(await exists(folder))) {
    throw new RecordError('not-a-results-folder', folder, `open campaign ${folder}: there is no such folder`);
  }
  if (!(await exists(path))) {
    const message = `open campaign ${folder}: not a results folder (it holds no ${CAMPAIGN_FILE})`;
    throw new RecordError('not-a-results-folder', folder, message);
  }
  return new CampaignStore(folder, await readJson(path, CampaignRecord));
}

async function exists(path: string): Promise<boolean> {
  return onFile('look for', path, async () => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false;
      throw error;
    }
  });
}
