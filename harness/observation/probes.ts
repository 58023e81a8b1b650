/** Posture probes: what is open to somebody. Read before anything is provoked. */
import http from 'node:http';
import type { PostureProbe } from '../contract/settle.ts';
import type { HostSpec } from '../contract/topology.ts';
import type { UniverseMap } from '../provision/universe.ts';
import { type Bindings, fillIn } from '../upgrader/bindings.ts';
import type { HostAccess } from '../upgrader/host-access.ts';

/**
 * What a probe saw. `taken` is false where it could not look, and `reason` tells why; of a probe that was taken, the reason
 * names the hosts of which there was nothing to look at.
 */
export interface ProbeResult {
  readonly name: string;
  readonly taken: boolean;
  readonly exposures: string[];
  readonly reason: string;
}

/** The system that is looked at. */
export interface ProbedSystem {
  readonly bindings: Bindings;
  readonly hosts: Pick<HostAccess, 'exec' | 'isRunning'>;
  /** Port on 127.0.0.1 where clients find it. */
  readonly port: number;
  /** Rows of a statement on the serving primary, header first. */
  readonly query: (statement: string) => Promise<string[][]>;
}

/** What was seen, and the hosts that an upgrade left without a running machine. */
interface Seen {
  readonly exposures: readonly string[];
  readonly gone: readonly string[];
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
  system: ProbedSystem,
  serving: UniverseMap,
): Promise<ProbeResult[]> {
  return Promise.all(
    probes.map(async (probe) => {
      try {
        const { exposures, gone } = await look(probe, system, serving);
        return {
          name: probe.name,
          taken: true,
          exposures: [...new Set(exposures)].sort(),
          reason: gone.length === 0 ? '' : `no machine runs, and nothing serves, on ${gone.join(', ')}`,
        };
      } catch (error) {
        return { name: probe.name, taken: false, exposures: [], reason: (error as Error).message };
      }
    }),
  );
}

async function look(probe: PostureProbe, system: ProbedSystem, serving: UniverseMap): Promise<Seen> {
  const { look: how } = probe;
  switch (how.kind) {
    case 'command': {
      const specs = Object.values(serving.specs).filter((spec) => how.tiers.includes(spec.tier));
      const seen = await Promise.all(specs.map((spec) => ask(spec, how.argv, system, serving)));
      return {
        exposures: seen.flatMap((lines) => lines ?? []),
        gone: specs.filter((_, index) => seen[index] === undefined).map(({ name }) => name),
      };
    }
    case 'sql': {
      const [, ...rows] = await system.query(how.statement);
      return { exposures: rows.map((row) => row.join(' ')), gone: [] };
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
      return { exposures, gone: [] };
    }
    default:
      return how satisfies never;
  }
}

/** The lines of a host; undefined where no machine of its runs, so that there is nothing that could be open. */
async function ask(
  { name, tier }: HostSpec,
  argv: readonly string[],
  { hosts, bindings }: ProbedSystem,
  { universe }: UniverseMap,
): Promise<string[] | undefined> {
  const words = argv.map((word) => fillIn(word, universe, bindings));
  const answer = await hosts.exec(universe, name, words).catch(async (error: Error) => {
    if (await hosts.isRunning(universe, name)) throw error;
    return undefined;
  });
  if (answer === undefined) return undefined;
  const { exitCode, stdout, stderr } = answer;
  if (exitCode !== 0) throw new Error(`${name}: exit code ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${tier} ${line.trim()}`);
}

function widestTier(serving: UniverseMap): number {
  const tiers = Object.values(serving.specs).map(({ tier }) => tier);
  return Math.max(...tiers.map((tier) => tiers.filter((other) => other === tier).length));
}

/** Asks for the path as it is written: one that climbs (`..`) must arrive so. What the body holds plays no part. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PAGE_TIMEOUT_MS);
    http
      .get({ host: '127.0.0.1', port, path, agent: false, signal }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
      .on('error', (error) =>
        reject(
          signal.aborted
            ? new Error(`GET ${path}: no answer within ${PAGE_TIMEOUT_MS} ms`, { cause: error })
            : error,
        ),
      );
  });
}
