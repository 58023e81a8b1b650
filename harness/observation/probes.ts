/** Posture probes: what is open to somebody. Read before anything is provoked. */
import type { PostureProbe } from '../contract/settle.ts';
import type { UniverseMap } from '../provision/universe.ts';
import type { System } from '../trial/system.ts';
import { fillIn } from '../upgrader/bindings.ts';

/** What a probe saw; `taken` is false where it could not look. */
export interface ProbeResult {
  readonly name: string;
  readonly taken: boolean;
  readonly exposures: string[];
  readonly reason: string;
}

/** Requests are spread over hosts, one of which may be the open one: each page is asked for often enough to meet all. */
const ATTEMPTS_PER_HOST = 3;
/** Paths that are asked for at the same time. */
const PATHS_AT_ONCE = 3;
/** Time for one page. */
const PAGE_TIMEOUT_MS = 6_000;

/** Runs every probe on the serving universe. */
export async function probePosture(
  probes: readonly PostureProbe[],
  system: System,
  serving: UniverseMap,
): Promise<ProbeResult[]> {
  return Promise.all(
    probes.map(async (probe) => {
      try {
        const exposures = await look(probe, system, serving);
        return { name: probe.name, taken: true, exposures: [...new Set(exposures)].sort(), reason: '' };
      } catch (error) {
        return { name: probe.name, taken: false, exposures: [], reason: (error as Error).message };
      }
    }),
  );
}

async function look(probe: PostureProbe, system: System, serving: UniverseMap): Promise<string[]> {
  const { look: how } = probe;
  switch (how.kind) {
    case 'command': {
      const specs = Object.values(serving.specs).filter((spec) => how.tiers.includes(spec.tier));
      const lines = await Promise.all(
        specs.map(async (spec) => {
          const argv = how.argv.map((word) => fillIn(word, serving.universe, system.bindings));
          const { exitCode, stdout, stderr } = await system.hosts.exec(serving.universe, spec.name, argv);
          if (exitCode !== 0)
            throw new Error(`${spec.name}: exit code ${exitCode}: ${stderr.trim().slice(0, 200)}`);
          return stdout
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => `${spec.tier} ${line.trim()}`);
        }),
      );
      return lines.flat();
    }
    case 'sql': {
      const [, ...rows] = await system.query(how.statement);
      return rows.map((row) => row.join(' '));
    }
    case 'pages': {
      const attempts = ATTEMPTS_PER_HOST * widestTier(serving);
      const openness = async (path: string): Promise<string[]> => {
        const asked = Array.from({ length: attempts }, () => statusOf(system.port, path));
        const open = (await Promise.all(asked)).find((status) => status >= 200 && status < 300);
        return open === undefined ? [] : [`GET ${path} answers ${open}`];
      };
      const exposures: string[] = [];
      for (let index = 0; index < how.paths.length; index += PATHS_AT_ONCE)
        exposures.push(
          ...(await Promise.all(how.paths.slice(index, index + PATHS_AT_ONCE).map(openness))).flat(),
        );
      return exposures;
    }
    default:
      return how satisfies never;
  }
}

function widestTier(serving: UniverseMap): number {
  const tiers = Object.values(serving.specs).map(({ tier }) => tier);
  return Math.max(...tiers.map((tier) => tiers.filter((other) => other === tier).length));
}

async function statusOf(port: number, path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
  });
  await answer.arrayBuffer();
  return answer.status;
}
