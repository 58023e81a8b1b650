/** Campaigns of other processes that have containers on the engine. */
import type Dockerode from 'dockerode';
import { CAMPAIGN_LABEL, OWNER_LABEL } from './engine.ts';
import { isAlive, ownIdentity } from './owner.ts';

/** Each in words, such as `campaign 20260101-120000-7 (process 7, 12 containers)`. */
export async function liveCampaigns(engine: Dockerode): Promise<string[]> {
  const filters = JSON.stringify({ label: [CAMPAIGN_LABEL] });
  const counts = new Map<string, number>();
  for (const { Labels } of await engine.listContainers({ all: true, filters })) {
    const owner = Labels[OWNER_LABEL] ?? '';
    if (owner === ownIdentity() || !isAlive(owner)) continue;
    const about = `campaign ${Labels[CAMPAIGN_LABEL]} (process ${owner.split(':', 1)[0] || 'unknown'}`;
    counts.set(about, (counts.get(about) ?? 0) + 1);
  }
  return [...counts].map(([about, count]) => `${about}, ${count} container${count === 1 ? '' : 's'})`);
}
