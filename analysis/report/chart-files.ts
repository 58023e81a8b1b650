/** Charts as files: the specification, and pictures drawn without a browser. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onFile } from '../../results/errors.ts';
import { makeFolder, writeWhole } from '../../results/files.ts';
import { namesIn } from '../../results/trial-files.ts';
import type { ChartSpec } from '../charts/palette.ts';
import { pngOf } from './raster.ts';

/** Kinds of file that a chart is written as. */
export const CHART_KINDS = ['vl.json', 'svg', 'png'] as const;

/** Removes what an earlier report drew, so that nothing stale is left. @param isOurs whether a report names a chart so */
export async function removeCharts(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const file of await namesIn(folder)) {
    const path = join(folder, file);
    const kind = CHART_KINDS.find((one) => file.endsWith(`.${one}`));
    if (kind !== undefined && isOurs(file.slice(0, -kind.length - 1)))
      await onFile('remove', path, () => rm(path));
  }
}

/** Writes `NAME.vl.json`, `NAME.svg` and `NAME.png`; returns their paths. */
export async function writeChart(folder: string, name: string, spec: ChartSpec): Promise<string[]> {
  // Loaded on use: the libraries take longer to load than a campaign takes to judge.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = vegaLite.compile(spec as never, { logger: silentBelowErrors() });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  const drawn = await view.toSVG();
  view.finalize();
  // A picture on its own is opened on any background.
  const svg = drawn.replace(/(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="white"/>');
  await makeFolder(folder);
  const content = { 'vl.json': `${JSON.stringify(spec)}\n`, svg, png: await pngOf(svg) };
  const paths = CHART_KINDS.map((kind) => join(folder, `${name}.${kind}`));
  await Promise.all(CHART_KINDS.map((kind, index) => writeWhole(paths[index] ?? '', content[kind])));
  return paths;

  function silentBelowErrors() {
    return vega.logger(vega.Error);
  }
}
