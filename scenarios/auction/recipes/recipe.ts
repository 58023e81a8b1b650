/** How any host of the auction gets to a release. */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { HostName, Release, Tier } from '../../../harness/contract/topology.ts';
import { tierOf } from '../hosts.ts';
import { appRecipe } from './app.ts';
import { dbRecipe } from './db.ts';
import { lbRecipe } from './lb.ts';
import { webRecipe } from './web.ts';

const recipes = { lb: lbRecipe, web: webRecipe, app: appRecipe, db: dbRecipe } satisfies Record<
  Tier,
  (host: HostName, release: Release, context: RecipeContext) => HostRecipe
>;

/** The recipe of `host`. */
export function recipe(host: HostName, release: Release, context: RecipeContext): HostRecipe {
  return recipes[tierOf(host)](host, release, context);
}
