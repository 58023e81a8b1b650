import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { z } from 'zod';
import { JSON_SCHEMAS, jsonSchemaText } from '../../results/json-schema.ts';
import { imagoEvents } from '../analysis/synthetic.ts';

type SchemaName = keyof typeof JSON_SCHEMAS;

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../results/${name}`, import.meta.url));
}

/** Checks values by the schema file alone, as a program in another language does. */
function validator(name: SchemaName) {
  return z.fromJSONSchema(JSON.parse(readFileSync(pathOf(name), 'utf8')));
}

/** `trial.json` of a real trial without an upgrade. */
function realTrial(): Record<string, unknown> {
  const path = fileURLToPath(new URL('trial.json', import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('JSON Schema of the record', () => {
  for (const name of Object.keys(JSON_SCHEMAS) as SchemaName[]) {
    it(`${name} is current (UPFAULT_WRITE_GOLDEN=1 writes it)`, () => {
      const text = jsonSchemaText(name);
      if (process.env.UPFAULT_WRITE_GOLDEN === '1') writeFileSync(pathOf(name), text);
      expect(readFileSync(pathOf(name), 'utf8')).to.equal(text);
    });
  }

  it('holds of a real trial, and of no damaged one', () => {
    const trial = validator('trial.schema.json');
    expect(trial.safeParse(realTrial()).error?.issues ?? []).to.deep.equal([]);
    for (const damaged of [
      { outcome: 'fine' },
      { schemaVersion: 2 },
      { seed: 'one' },
      { evidence: undefined },
    ])
      expect(trial.safeParse({ ...realTrial(), ...damaged }).success, JSON.stringify(damaged)).to.equal(
        false,
      );
  });

  it('holds of events', () => {
    const event = validator('event.schema.json');
    for (const one of imagoEvents()) expect(event.safeParse(one).success, one.event).to.equal(true);
    expect(event.safeParse({ event: 'unheard-of', atMs: 1 }).success).to.equal(false);
  });
});
