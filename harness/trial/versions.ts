/** Versions of the servers, for the record. */
import type { Scenario } from '../contract/scenario.ts';
import type { System } from './system.ts';

/** First line of what each version command prints, by host. */
export async function readVersions(scenario: Scenario, system: System): Promise<Record<string, string>> {
  const entries = await Promise.all(
    scenario.versions.map(async ({ host, argv }) => {
      const { stdout, stderr } = await system.hosts.exec('old', host, argv);
      return [host, (stdout.trim() || stderr.trim()).split('\n')[0] ?? ''] as const;
    }),
  );
  return Object.fromEntries(entries);
}
