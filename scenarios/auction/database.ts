/**
 * How the auction's database gets from the old schema to the new one. The parts do not overlap; README.md says in
 * which order approaches put them. Statements are files in `schema/`; they run through the mariadb client, whose
 * DELIMITER command some use.
 */
import { readFileSync } from 'node:fs';
import type { Projection } from '../../harness/contract/projection.ts';
import type { DatabaseRecipe, RecipeContext } from '../../harness/contract/scenario.ts';
import type { ConvertStep, SqlStep } from '../../harness/contract/step.ts';
import { facts } from './facts.ts';
import { bids, items, projections, userRatings, users } from './projections.ts';
import { engineSteps, failOverSteps } from './recipes/engine.ts';

/** A part of the recipe: statements by step, in order. */
type SqlPart = readonly { readonly id: string; readonly title: string; readonly statements: string }[];

const EXPAND = [
  sql('expand-items', 'Add the new columns to items', 'expand/items'),
  sql('expand-items-triggers', 'Keep both shapes of items in step', 'expand/items-triggers'),
  sql('expand-bids', 'Add the new columns to bids', 'expand/bids'),
  sql('expand-bids-triggers', 'Keep both shapes of bids in step', 'expand/bids-triggers'),
  sql('expand-users', 'Add the new columns to users', 'expand/users'),
  sql('expand-user-ratings', 'Make the table of ratings', 'expand/user-ratings'),
  sql('expand-users-triggers', 'Keep both shapes of users in step', 'expand/users-triggers'),
  sql('expand-user-ratings-triggers', 'Push new ratings to users', 'expand/user-ratings-triggers'),
];

const INDEXES = [sql('index-items-hot', 'Make the index of the new search', 'indexes/items-hot')];

const ACCOUNT = [
  sql('account-new', 'Make the account of the new release', 'account/new'),
  sql('grant-new-read', 'Let the new account read', 'account/grant-read'),
  ...facts.writtenTables.filter((table) => table !== 'user_ratings').map(grant),
];

/** A table must be there to be granted on, so this grant comes with the table. */
const GRANT_RATINGS = [grant('user_ratings')];

const DROP_OLD_ACCOUNT = [sql('contract-account', 'Drop the account of the old release', 'contract/account')];

const CONTRACT = [
  sql('contract-triggers', 'Drop the triggers that kept both shapes in step', 'contract/triggers'),
  sql('contract-items', 'Drop the old columns and the old search index of items', 'contract/items'),
  sql('contract-bids', 'Drop the old columns of bids', 'contract/bids'),
  sql('contract-users', 'Drop the old columns of users', 'contract/users'),
  sql('contract-user-ratings', 'Drop the count of pushes from the ratings', 'contract/user-ratings'),
  sql('contract-old-items', 'Drop the table of closed items', 'contract/old-items'),
  ...DROP_OLD_ACCOUNT,
];

const IN_PLACE = [
  sql('inplace-user-ratings', 'Move the ratings to their own table', 'in-place/user-ratings'),
  sql('inplace-users', 'Convert users', 'in-place/users'),
  sql('inplace-bids', 'Convert bids', 'in-place/bids'),
  sql('inplace-items', 'Convert items', 'in-place/items'),
  sql('inplace-old-items', 'Move the closed items into items', 'in-place/old-items'),
  ...GRANT_RATINGS,
  ...DROP_OLD_ACCOUNT,
];

const CREATE = [
  {
    id: 'create-schema',
    title: 'Make the new, empty schema',
    statements: `${statements('new/database')}\nUSE ${facts.database};\n${statements('new/tables')}`,
  },
];

const STATISTICS = [sql('analyze', 'Bring the tables’ statistics up to date', 'new/analyze')];

/** In the old universe the driver reads, rows and log; in the new one it writes, and keeps how far it is. */
const DRIVER = {
  old: [sql('driver-account', 'Let the driver read', 'driver/old')],
  new: [sql('driver-account', 'Let the driver write', 'driver/new')],
};
const REVOKE_DRIVER = [sql('drop-driver-account', 'Remove the driver’s account and notes', 'driver/revoke')];

/** Rows of a chunk: each takes some tens of milliseconds, and live writes to its rows wait for that long. */
const CHUNK_ROWS = { items: 250, bids: 2000, users: 1000, user_ratings: 2000 } as const;

/** The auction's database, from the old schema to the new. */
export const database: DatabaseRecipe = {
  projections,
  expand: (context) => [...sqlSteps(context, EXPAND), ...sqlSteps(context, GRANT_RATINGS)],
  backfill: (context) => [
    convert(context, items, CHUNK_ROWS.items),
    convert(context, bids, CHUNK_ROWS.bids),
    convert(context, users, CHUNK_ROWS.users),
    convert(context, userRatings, CHUNK_ROWS.user_ratings),
  ],
  indexes: (context) => sqlSteps(context, INDEXES),
  account: (context) => [
    ...sqlSteps(context, ACCOUNT),
    // A universe of its own has its tables by now, and neither expands nor converts them in place.
    ...(context.universe === 'new' ? sqlSteps(context, GRANT_RATINGS) : []),
  ],
  contract: (context) => sqlSteps(context, CONTRACT),
  inPlace: (context) => sqlSteps(context, IN_PLACE),
  engine: engineSteps,
  failOver: failOverSteps,
  create: (context) => sqlSteps(context, CREATE, 'mysql'),
  statistics: (context) => sqlSteps(context, STATISTICS),
  driver: {
    user: 'imago',
    secret: 'driver-password',
    port: 3306,
    grant: (context) => sqlSteps(context, DRIVER[context.universe], 'mysql'),
    revoke: (context) => sqlSteps(context, REVOKE_DRIVER, 'mysql'),
  },
};

function sql(id: string, title: string, file: string): SqlPart[number] {
  return { id, title, statements: statements(file) };
}

function grant(table: string): SqlPart[number] {
  const name = table.replaceAll('_', '-');
  return sql(`grant-new-${name}`, `Let the new account change ${table}`, `account/grant-${name}`);
}

function statements(file: string): string {
  return readFileSync(new URL(`schema/${file}.sql`, import.meta.url), 'utf8');
}

function sqlSteps(context: RecipeContext, part: SqlPart, schema: string = facts.database): SqlStep[] {
  const host = primary(context);
  return part.map(({ id, title, statements }) => ({
    ...{ kind: 'sql', id: `${host}/${id}`, title, universe: context.universe, host },
    ...{ database: schema, statements },
  }));
}

function convert(context: RecipeContext, projection: Projection, chunkRows: number): ConvertStep {
  const host = primary(context);
  return {
    kind: 'convert',
    id: `${host}/backfill-${projection.name.replaceAll('_', '-')}`,
    title: `Backfill ${projection.target}`,
    universe: context.universe,
    host,
    database: facts.database,
    projection,
    chunkRows,
  };
}

/** The first database host; replicas follow it. */
function primary(context: RecipeContext): string {
  const host = context.hosts('db')[0];
  if (host === undefined) throw new Error('auction database recipe: the system has no database host');
  return host;
}
