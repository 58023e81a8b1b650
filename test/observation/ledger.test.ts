import { expect } from 'chai';
import fc from 'fast-check';
import type { LedgerSpec } from '../../harness/contract/scenario.ts';
import type { Release } from '../../harness/contract/topology.ts';
import type { WorkloadWrite } from '../../harness/contract/workload.ts';
import { MAX_DETAILS, readSeedRows, settleLedger } from '../../harness/observation/ledger.ts';

/** A spec whose statements are keys into a table of answers. */
const SPEC: LedgerSpec = {
  shape: 'shape',
  readers: 'app',
  writes: (shape) => ['bid', 'comment'].map((kind) => ({ kind, statement: `${shape} ${kind}` })),
  derived: (shape) => [{ name: 'max_bid', statement: `${shape} derived` }],
  seedRows: (shape) => [
    { name: 'users', statement: `${shape} users` },
    { name: 'bids', statement: `${shape} seed-bids` },
  ],
};

const SEED = {
  users: [
    ['bucket', 'rows', 'checksum'],
    ['0', '100', 'abc'],
    ['1', '50', 'def'],
  ],
  bids: [
    ['bucket', 'rows', 'checksum'],
    ['0', '7', 'x'],
  ],
};

type Answers = Record<string, string[][] | Error>;

function answersFor(shape: 'old' | 'new', writes: Record<string, string[][]>): Answers {
  const header = ['request_id', 'price', 'text'];
  return {
    shape: [['shape'], [shape]],
    [`${shape} bid`]: [header, ...(writes.bid ?? [])],
    [`${shape} comment`]: [header, ...(writes.comment ?? [])],
    [`${shape} derived`]: [],
    [`${shape} users`]: SEED.users,
    [`${shape} seed-bids`]: SEED.bids,
  };
}

async function settle(
  answers: Answers,
  writes: readonly WorkloadWrite[],
  releases: readonly Release[] = ['old', 'new'],
) {
  const queryOf = (all: Answers) => async (statement: string) => {
    const answer = all[statement];
    if (answer === undefined) throw new Error(`no such table: ${statement}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const seedBefore = await readSeedRows(
    SPEC,
    queryOf({ 'old users': SEED.users, 'old seed-bids': SEED.bids }),
  );
  return settleLedger({ spec: SPEC, query: queryOf(answers), writes, releases, seedBefore });
}

const rowOf = (write: WorkloadWrite): string[] => [
  write.requestId,
  write.fields.price ?? '',
  write.fields.text ?? '',
];

/** What is planted for a write. */
const FATES = [
  'kept',
  'lost',
  'doubled',
  'price changed',
  'text changed',
  'unacknowledged',
  'unacknowledged found',
  'unacknowledged doubled',
] as const;

const plantedWrites = fc.array(
  fc.record({
    kind: fc.constantFrom('bid', 'comment'),
    fate: fc.constantFrom(...FATES),
    price: fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    text: fc.string({ unit: 'grapheme', maxLength: 20 }),
  }),
  { maxLength: 80 },
);

describe('the ledger settles what was acknowledged', () => {
  it('counts, of an expanded schema, the shapes that serving releases use: nobody misses what another lacks', async () => {
    const write = { requestId: 'r-1', kind: 'bid', acknowledged: true, fields: { price: '9.50', text: 'a' } };
    const answers = {
      ...answersFor('old', { bid: [['r-1', '0.00', 'a']] }),
      ...answersFor('new', { bid: [['r-1', '9.50', 'a']] }),
      shape: [['s'], ['both']],
    };
    const figuresFor = async (releases: readonly Release[]) => {
      const { figures } = await settle(answers, [write as WorkloadWrite], releases);
      return [figures.foundOnce, figures.altered];
    };
    expect(await figuresFor(['new'])).to.deep.equal([1, 0]);
    expect(await figuresFor(['old'])).to.deep.equal([0, 1]);
    expect(await figuresFor(['old', 'new'])).to.deep.equal([0, 1]);
    expect(await figuresFor([])).to.deep.equal([0, 1]);
  });

  it('counts planted loss, duplication and alteration exactly, in either shape or both', async () => {
    await fc.assert(
      fc.asyncProperty(
        plantedWrites,
        fc.constantFrom('old', 'new', 'both' as const),
        async (planted, shape) => {
          const writes = planted.map(
            ({ kind, fate, price, text }, n): WorkloadWrite => ({
              kind,
              requestId: `r${n}`,
              acknowledged: !fate.startsWith('unacknowledged'),
              fields: { price, text },
            }),
          );
          const stored: Record<string, string[][]> = {
            bid: [['provoked-1', '1.00', 'nobody asked']],
            comment: [],
          };
          planted.forEach(({ kind, fate }, n) => {
            const [id = '', price = '', text = ''] = rowOf(writes[n] as WorkloadWrite);
            if (fate === 'lost' || fate === 'unacknowledged') return;
            stored[kind]?.push([
              id,
              fate === 'price changed' ? `${price}1` : price,
              fate === 'text changed' ? `${text}?` : text,
            ]);
            if (fate.endsWith('doubled')) stored[kind]?.unshift([id, price, text]);
          });
          const sound = {
            bid: writes.filter((w) => w.kind === 'bid').map(rowOf),
            comment: writes.filter((w) => w.kind === 'comment').map(rowOf),
          };
          const acknowledged = (name: string) => planted.filter(({ fate }) => fate === name).length;
          // In the shape that is beside the damaged one everything is there once: the gravest finding counts.
          const answers =
            shape === 'both'
              ? { ...answersFor('old', sound), ...answersFor('new', stored), shape: [['s'], ['both']] }
              : answersFor(shape as 'old' | 'new', stored);
          const { figures, rows } = await settle(answers, writes);
          const changed = acknowledged('price changed') + acknowledged('text changed');
          expect(figures).to.include({
            acknowledged: writes.filter((write) => write.acknowledged).length,
            foundOnce: acknowledged('kept'),
            lost: acknowledged('lost'),
            duplicated: acknowledged('doubled') + acknowledged('unacknowledged doubled'),
            altered: changed,
            unacknowledgedFound:
              acknowledged('unacknowledged found') + (shape === 'both' ? acknowledged('unacknowledged') : 0),
            derivedWrong: 0,
            seedBucketsDiffering: 0,
            seedBuckets: shape === 'both' ? 6 : 3,
          });
          expect(figures.unreadable).to.deep.equal([]);
          const sound_ = acknowledged('kept') + (shape === 'both' ? 0 : acknowledged('unacknowledged'));
          expect(rows).to.have.length(writes.length - sound_);
          expect(figures.details.length).to.be.at.most(MAX_DETAILS);
        },
      ),
    );
  });

  it('says which field was altered, from what to what', async () => {
    const write: WorkloadWrite = {
      kind: 'bid',
      requestId: 'r1',
      acknowledged: true,
      fields: { price: '10.10', text: 'Größe' },
    };
    const { rows } = await settle(answersFor('new', { bid: [['r1', '10.10', 'GrÃ¶ÃŸe']] }), [write]);
    expect(rows).to.deep.equal([
      {
        kind: 'bid',
        request_id: 'r1',
        verdict: 'altered',
        detail: 'text "Größe" became "GrÃ¶ÃŸe" (new shape)',
      },
    ]);
  });

  it('counts contradictions in derived values and seed rows that changed, came or went', async () => {
    const answers = {
      ...answersFor('new', {}),
      'new derived': [
        ['item', 'max_bid', 'highest'],
        ['7', '10', '12'],
        ['9', '0', '3'],
      ],
      'new users': [
        ['bucket', 'rows', 'checksum'],
        ['0', '99', 'abc'],
        ['2', '1', 'q'],
      ],
    };
    const { figures } = await settle(answers, []);
    expect(figures).to.include({ derivedWrong: 2, seedBuckets: 3, seedBucketsDiffering: 3 });
    expect(figures.details[0]).to.contain('max_bid: item 7, max_bid 10, highest 12');
    expect(figures.unreadable).to.deep.equal([]);
  });

  it('says what could not be read, and never counts it as nothing', async () => {
    const bid: WorkloadWrite = {
      kind: 'bid',
      requestId: 'r1',
      acknowledged: true,
      fields: { price: '1.00', text: '' },
    };
    const unreadable = async (answers: Answers, writes: readonly WorkloadWrite[] = [bid]) =>
      (await settle(answers, writes)).figures;

    const noTable = await unreadable({
      ...answersFor('new', {}),
      'new bid': new Error('Table bids does not exist'),
    });
    expect(noTable.unreadable).to.deep.equal([
      'writes of kind bid in the new shape: Table bids does not exist',
    ]);
    expect(noTable).to.include({ acknowledged: 1, lost: 0, foundOnce: 0 });

    const noColumn = await unreadable({
      ...answersFor('new', {}),
      'new bid': [
        ['request_id', 'price'],
        ['r1', '1.00'],
      ],
    });
    expect(noColumn.unreadable[0]).to.match(/no column text/);

    const noShape = await unreadable({ ...answersFor('new', {}), shape: [['shape'], ['neither']] });
    expect(noShape.unreadable[0]).to.match(/must be old, new or both, saw neither/);

    const noKind = await unreadable(answersFor('new', {}), [{ ...bid, kind: 'gift' }]);
    expect(noKind.unreadable[0]).to.match(/kind gift .*no statement/);

    const noSeed = await unreadable({ ...answersFor('new', {}), 'new users': new Error('gone away') }, []);
    expect(noSeed.unreadable).to.deep.equal(['seed rows users in the new shape: gone away']);
    expect(noSeed.seedBucketsDiffering).to.equal(0);
  });

  it('keeps its details short however much was lost', async () => {
    const writes = Array.from(
      { length: 500 },
      (_, n): WorkloadWrite => ({
        kind: 'bid',
        requestId: `r${n}`,
        acknowledged: true,
        fields: { price: '1', text: '' },
      }),
    );
    const { figures, rows } = await settle(answersFor('old', {}), writes);
    expect([figures.lost, rows.length, figures.details.length]).to.deep.equal([500, 500, MAX_DETAILS]);
    expect(figures.details.at(-1)).to.equal('and 451 more');
  });
});
