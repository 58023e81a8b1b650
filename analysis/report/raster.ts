/** Pictures in pixels, drawn by a rasterizer in WebAssembly with a font that comes along: the same on every machine, without a browser. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Resvg } from '@resvg/resvg-wasm';

/** Pixels for each unit of a drawing: sharp in print at a page's width. */
const PIXELS_PER_UNIT = 2;

/** A drawing that is longer than a page is printed smaller, and needs no more pixels than this on its longer side. */
const MOST_PIXELS = 4000;

/** Weights that the charts use. */
const FONTS = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

interface Rasterizer {
  readonly Resvg: typeof Resvg;
  readonly fonts: readonly Uint8Array[];
}

let loaded: Promise<Rasterizer> | undefined;

/** The drawing as a PNG. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  loaded ??= load();
  const { Resvg, fonts } = await loaded;
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: Math.min(PIXELS_PER_UNIT, MOST_PIXELS / longerSide(svg)) },
    font: { fontBuffers: [...fonts], defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  });
  const picture = drawing.render();
  const png = picture.asPng();
  // Memory of WebAssembly is not collected.
  picture.free();
  drawing.free();
  return png;
}

/** Of the picture's own size, as the chart library writes it. */
function longerSide(svg: string): number {
  const [, width = '1', height = '1'] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return Math.max(Number(width), Number(height));
}

async function load(): Promise<Rasterizer> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const [code, ...fonts] = await Promise.all([
    packageFile('@resvg/resvg-wasm/index_bg.wasm'),
    ...FONTS.map((font) => packageFile(`@expo-google-fonts/inter/${font}`)),
  ]);
  await initWasm(code);
  return { Resvg, fonts };
}

function packageFile(path: string): Promise<Buffer> {
  return readFile(fileURLToPath(import.meta.resolve(path)));
}
