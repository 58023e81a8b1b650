/** The fault that the tutorial has its readers write: it must be one. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { prepareTrial, scenarioNamed } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import { makePlan } from '../../harness/plan/plan.ts';
import { campaignRequest } from '../campaign/request.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The fault as the tutorial prints it, from a file of its own. */
async function printed(): Promise<Fault> {
  const text = await readFile(path.join(ROOT, 'docs/tutorial.md'), 'utf8');
  const source = /```ts\n(.*?)```/s.exec(text)?.[1] ?? expect.fail('the tutorial prints no fault');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'upfault-tutorial-'));
  const file = path.join(folder, 'content-omitted.mts');
  const beside = (relative: string) => pathToFileURL(path.join(ROOT, 'faults', relative)).href;
  try {
    await writeFile(
      file,
      source.replaceAll(/from '(\.[^']+)'/g, (_, relative: string) => `from '${beside(relative)}'`),
    );
    return ((await import(pathToFileURL(file).href)) as { contentOmitted: Fault }).contentOmitted;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the fault of the tutorial', () => {
  for (const approach of ['rolling', 'imago'] as const)
    it(`edits the plan of ${approach}, and is told by its reading`, async () => {
      const fault = await printed();
      const request = campaignRequest();
      const { plan: control } = prepareTrial(request, { trialId: 't', approach, fault: 'none', seed: 1 });
      const plan = makePlan({
        ...{ scenario: scenarioNamed('test', request.scenario), approach, faults: [fault], shams: [] },
        ...{
          reach: 'one',
          target: 'new',
          gates: 'native',
          seed: 1,
          size: control.size,
          windows: control.windows,
        },
        ...{ schemaPolicy: 'expand-contract', engine: 'keep', onFailure: 'halt', ratePerSecond: 150 },
      });
      expect(plan.edited).to.have.lengthOf(1);
      const readings = (exitCode: number): Reading[] =>
        plan.observeAtEnd.flatMap((step) =>
          step.kind === 'observe'
            ? [
                {
                  ...{
                    stepId: step.id,
                    fault: fault.name,
                    universe: step.universe,
                    host: step.host,
                    atMs: 1,
                  },
                  result: { taken: true, exitCode, stdout: '', stderr: '' },
                },
              ]
            : [],
        );
      expect(fault.confirm(readings(1), []).verdict).to.equal('found');
      expect(fault.confirm(readings(0), []).verdict).to.equal('not-found');
      expect(fault.confirm(readings(2), []).verdict).to.equal('unreadable');
    });
});
