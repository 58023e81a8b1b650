import { expect } from 'chai';
import type { Plan } from '../../harness/contract/plan.ts';
import type { Scenario } from '../../harness/contract/scenario.ts';
import { settleTrial } from '../../harness/trial/settle.ts';
import type { System } from '../../harness/trial/system.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import { type Stand, startStand } from '../observation/provoked-stand.ts';

/** A scenario with nothing to count, to probe or to provoke. */
const SCENARIO = {
  hosts: () => [],
  ledger: { shape: '', readers: 'db', writes: () => [], derived: () => [], seedRows: () => [] },
  probes: [],
  provocations: [],
  database: { failOver: () => [] },
} as unknown as Scenario;

describe('settling', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await startStand();
  });
  afterEach(() => stand.close());

  function settled(status: () => Promise<unknown>) {
    const { provoked } = stand;
    const serving = { ...provoked.serving, specs: {} };
    const inspect = async () => ({ State: { Running: false } });
    const world = { ...provoked.world, engine: { getContainer: () => ({ inspect }) } };
    const system = { ...{ serving, old: serving, world, port: provoked.site }, query: async () => [] };
    return settleTrial({
      scenario: { ...SCENARIO, smoke: provoked.smoke },
      plan: { provocations: [], upgrade: [], provocationSet: 'quick' } as unknown as Plan,
      system: { ...system, ingress: { status } } as unknown as System,
      seedRows: { buckets: new Map(), names: [], unreadable: [] },
      ...{ writes: [], sinceMs: 0, sessions: new Map(), nowMs: () => 1 },
      record: { writeLedger: async () => undefined } as unknown as TrialStore,
      releaseOf: () => 'old',
      onProvoked: () => undefined,
      signal: new AbortController().signal,
    });
  }

  it('tells what was found while the ingress is there', async () => {
    const { provocations } = await settled(async () => ({}));
    expect(provocations.map(({ name, held }) => [name, held])).to.deep.equal([['unprovoked', true]]);
  });

  it('is the testbed’s failure where the engine has ended the hosts meanwhile, and tells of no latent error', async () => {
    const failure = await settled(() => Promise.reject(new Error('the command channel ended'))).catch(
      (error: Error) => error,
    );
    expect(failure).to.be.an('error').with.property('name', 'EngineError');
  });
});
