/** Puts the page together: one file that works offline. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import mustache from 'mustache';
import { IMPACT_COLOURS, IMPACT_LETTERS, INKS, LETTERS, PAGE_INKS } from '../charts/palette.ts';
import type { ReportData } from './page-types.ts';

/** Builds of the chart libraries for browsers, in the order in which they need each other. */
const LIBRARIES = [
  'vega/build/vega.min.js',
  'vega-lite/build/vega-lite.min.js',
  'vega-embed/build/vega-embed.min.js',
];

/** The whole page as text. @param blocks stories of the trials, packed. */
export async function reportPage(data: ReportData, blocks: readonly string[]): Promise<string> {
  const [template, style, script, ...libraries] = await Promise.all([
    ownText('page.html'),
    ownText('page.css'),
    clientScript(),
    ...LIBRARIES.map(libraryText),
  ]);
  return mustache.render(template, {
    title: `upfault: ${data.campaign}`,
    style,
    inks: { light: inksOf('light'), dark: inksOf('dark') },
    impacts: Object.entries(IMPACT_COLOURS).map(([name, colour]) => ({
      word: name.replaceAll(' ', '-'),
      colour,
      letters: LETTERS[IMPACT_LETTERS[name] ?? 'dark'],
    })),
    blocks: blocks.map((text, index) => ({ index, text })),
    script: insideScript(script),
    libraries: libraries.map((text) => ({ text: insideScript(text) })),
    // A JSON text with every `<` escaped can neither end its element nor open a comment.
    data: JSON.stringify(data).replaceAll('<', '\\u003c'),
  });
}

/** Inks as custom properties: the page and its charts have them from one place. */
function inksOf(mode: 'light' | 'dark'): string {
  const words = Object.entries({ ...INKS[mode], ...PAGE_INKS[mode] });
  return words.map(([name, ink]) => `--${name}:${ink}`).join(';');
}

function ownText(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

async function libraryText(path: string): Promise<string> {
  const name = path.slice(0, path.indexOf('/'));
  // The packages export their entry points alone; the build for browsers stands in the same folder.
  const entry = import.meta.resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`));
  const text = await readFile(new URL(`${root}/node_modules/${path}`), 'utf8');
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

/** The page's own script, bundled from TypeScript. */
async function clientScript(): Promise<string> {
  const entry = fileURLToPath(new URL('client/main.ts', import.meta.url));
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
  });
  return result.outputFiles[0]?.text ?? '';
}

/** A script that holds the end of a script element, in a string or a regular expression, would end there. */
function insideScript(text: string): string {
  return text.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
}
