/**
 * Lists what carries the testbed's label, for `test/fresh-machine.sh`. Exit code 0 where nothing does, 1 where
 * something does (each on a line), 2 where no engine answers.
 */
import { CAMPAIGN_LABEL, connectEngine } from '../../harness/provision/engine.ts';

const engine = await connectEngine().catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
const filters = JSON.stringify({ label: [CAMPAIGN_LABEL] });
const [containers, networks, volumes] = await Promise.all([
  engine.listContainers({ all: true, filters }),
  engine.listNetworks({ filters }),
  engine.listVolumes({ filters }),
]);
const left = [
  ...containers.map(({ Id, Names }) => `container ${Names[0] ?? Id}`),
  ...networks.map(({ Name }) => `network ${Name}`),
  ...(volumes.Volumes ?? []).map(({ Name }) => `volume ${Name}`),
];
for (const line of left) console.log(line);
process.exit(left.length === 0 ? 0 : 1);
