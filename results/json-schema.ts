/** The record's schema for programs in other languages: JSON Schema (draft 2020-12), made from the one that is checked. */
import { z } from 'zod';
import { CampaignRecord, TrialEvent, TrialRecord } from './schema.ts';

/** Files in `results/` and what each describes. */
export const JSON_SCHEMAS = {
  'campaign.schema.json': { title: 'campaign.json', schema: CampaignRecord },
  'trial.schema.json': { title: 'trial.json', schema: TrialRecord },
  'event.schema.json': { title: 'one line of events.jsonl', schema: TrialEvent },
} as const;

/** Text of a schema file: what may stand in a record, fields with a default left out or not. */
export function jsonSchemaText(name: keyof typeof JSON_SCHEMAS): string {
  const { title, schema } = JSON_SCHEMAS[name];
  const made = z.toJSONSchema(schema, { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ title: `upfault: ${title}`, ...made }, null, 2)}\n`;
}
