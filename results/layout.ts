/** Where things are in a results folder; the names that `results/README.md` documents. */
import { join } from 'node:path';
import { RecordError } from './errors.ts';

export const CAMPAIGN_FILE = 'campaign.json';
export const TRIALS_FOLDER = 'trials';
/** There while a process runs the campaign's trials, and holds its identity: who else comes is refused. */
export const LOCK_FILE = 'running.lock';
/** Attempts that were interrupted and begun again; kept, so that attrition can be counted. */
export const INTERRUPTED_FOLDER = 'interrupted';
export const TRIAL_FILE = 'trial.json';
export const PLAN_FILE = 'plan.json';
export const EVENTS_FILE = 'events.jsonl';
export const REQUESTS_FILE = 'requests.csv';
export const BINS_FILE = 'bins.csv';
export const LEDGER_FILE = 'ledger.csv';
export const EVIDENCE_FOLDER = 'evidence';
export const LOGS_FOLDER = 'logs';

const TRIAL_ID = /^[A-Za-z0-9][A-Za-z0-9._+@:-]{0,127}$/;

/** Whether a trial may be called so: its id is the name of its folder. */
export function isTrialId(trialId: string): boolean {
  return TRIAL_ID.test(trialId);
}

/** Folder of a trial. @throws RecordError `refused` for an id that is no plain file name. */
export function trialFolder(campaignFolder: string, trialId: string): string {
  if (!isTrialId(trialId)) {
    const message = `trial id "${trialId}": letters, digits and . _ + @ : - are allowed, starting with a letter or digit, at most 128`;
    throw new RecordError('refused', campaignFolder, message);
  }
  return join(campaignFolder, TRIALS_FOLDER, trialId);
}

/** File name for a step id or the name of a log: `observe/wrong-apache/version` -> `observe__wrong-apache__version`. */
export function plainName(name: string): string {
  return name
    .replaceAll('/', '__')
    .replace(/[^A-Za-z0-9._+@-]/g, '_')
    .replace(/^\.+/, '_');
}
