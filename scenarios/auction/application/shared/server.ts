/** The HTTP side: reads a request and lets a handler answer it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DEBUG_PATH, debugPage, withStack } from './debug.ts';
import { fields } from './fields.ts';
import { document } from './html.ts';
import { refusalPage } from './pages/form-pages.ts';
import { badRequest, notFound, Refusal } from './refusal.ts';
import { routes } from './routes.ts';
import type { Answer, Site } from './site.ts';

/** Most bytes of a form: a description of 7168 characters, each of which may take 12 bytes when encoded, fits. */
const BODY_LIMIT = 128 * 1024;
/** Idle connections live longer than the web tier keeps them, so that it, not this side, closes them. */
const KEEP_ALIVE_MS = 75_000;

/** A server for the site that does not listen yet. */
export function siteServer(site: Site): Server {
  const server = createServer((request, response) => {
    handle(site, request, response).catch((error: unknown) => {
      log(request, error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function handle(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://auction.invalid');
  if (url.pathname === '/healthz') return health(site, request, response);
  const { page, cookie } = await answer(site, request, url);
  const body = Buffer.from(document(page), 'utf8');
  response.writeHead(page.status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Auction-Release': site.release,
    'X-Auction-Host': site.hostName,
    ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
    // The rest of a body that was not read would be taken for the next request.
    ...(page.status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answer(site: Site, request: IncomingMessage, url: URL): Promise<Answer> {
  try {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (site.debug && method === 'GET' && url.pathname === DEBUG_PATH) return { page: debugPage(site) };
    const handler = routes.get(`${method} ${url.pathname}`);
    if (handler === undefined) throw notFound('such page');
    const parameters = method === 'POST' ? new URLSearchParams(await bodyOf(request)) : url.searchParams;
    return await handler({ site, fields: fields(parameters), cookies: request.headers.cookie });
  } catch (error) {
    if (error instanceof Refusal) return { page: refusalPage(error.status, error.page, error.message) };
    log(request, error);
    const page = refusalPage(500, 'Error', 'Something went wrong. Please try again later.');
    return { page: site.debug ? withStack(page, error) : page };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed when the loop is left: the refusal still has to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Refusal(413, 'BadRequest', `A form may have ${BODY_LIMIT / 1024} kB.`);
    chunks.push(chunk);
  }
  if (!request.complete) throw badRequest('The form is incomplete.');
  return Buffer.concat(chunks).toString('utf8');
}

async function health(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let isSound = true;
  try {
    await site.store.ping();
  } catch (error) {
    log(request, error);
    isSound = false;
  }
  response.writeHead(isSound ? 200 : 503, {
    'Content-Type': 'text/plain',
    'X-Auction-Release': site.release,
    'X-Auction-Host': site.hostName,
  });
  response.end(isSound ? 'ok\n' : 'the database does not answer\n');
}

/** Path without parameters, and the error's own text: neither forms nor configuration, which hold secrets. */
function log(request: IncomingMessage, error: unknown): void {
  const path = (request.url ?? '').split('?')[0];
  const { code, message } =
    error instanceof Error ? (error as Error & { code?: string }) : { message: String(error) };
  process.stderr.write(
    `auction: ${request.method} ${path}: ${code === undefined ? '' : `${code}: `}${message}\n`,
  );
}
