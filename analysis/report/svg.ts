/** Charts as files: the specification, and a picture drawn without a browser. */
import { join } from 'node:path';
import { makeFolder, writeWhole } from '../../results/files.ts';
import type { ChartSpec } from '../charts/palette.ts';

/** Writes `NAME.vl.json` and `NAME.svg`; returns their paths. */
export async function writeChart(folder: string, name: string, spec: ChartSpec): Promise<string[]> {
  // Loaded on use: the libraries take longer to load than a campaign takes to judge.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = vegaLite.compile(spec as never, { logger: silentBelowErrors() });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  await makeFolder(folder);
  const paths = [join(folder, `${name}.vl.json`), join(folder, `${name}.svg`)];
  await writeWhole(paths[0] ?? '', `${JSON.stringify(spec)}\n`);
  // A picture on its own is opened on any background.
  await writeWhole(
    paths[1] ?? '',
    svg.replace(/(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="white"/>'),
  );
  return paths;

  function silentBelowErrors() {
    return vega.logger(vega.Error);
  }
}
