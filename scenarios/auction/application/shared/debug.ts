/** What developers ask of a site that runs in debug mode, and nobody should on one that serves. */
import { escapeHtml, type Page, table } from './html.ts';
import type { Site } from './site.ts';

/** Path of the status page; there is none without debug mode. */
export const DEBUG_PATH = '/app/debug';

/** The process and where it runs. */
export function debugPage({ release, hostName, port }: Site): Page {
  const { rss, heapUsed } = process.memoryUsage();
  const facts: Readonly<Record<string, string | number>> = {
    release,
    host: hostName,
    port,
    runtime: process.version,
    program: process.argv.join(' '),
    'directory of work': process.cwd(),
    'seconds since start': Math.round(process.uptime()),
    'memory in MB': Math.round(rss / 2 ** 20),
    'heap in MB': Math.round(heapUsed / 2 ** 20),
  };
  const rows = Object.entries(facts).map(([name, value]) => [escapeHtml(name), escapeHtml(String(value))]);
  return { status: 200, name: 'Debug', title: 'Status', content: table(['What', 'Value'], rows) };
}

/** The page with the error's stack under it. */
export function withStack(page: Page, error: unknown): Page {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...page, content: `${page.content}\n<pre>${escapeHtml(stack)}</pre>` };
}
