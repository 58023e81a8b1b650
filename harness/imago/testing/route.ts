/** Kinds of requests: what is learned, counted and admitted by. */

/** Methods that change nothing; all others are writes. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Path of a request's target. */
export function pathOf(target: string): string {
  return target.split('?')[0] as string;
}

/** `GET /app/items?category&page`: method, path with numbers left out, names of the parameters. */
export function routeOf(method: string, target: string): string {
  const [path = '', query = ''] = target.split('?');
  const template = path.replace(/\/\d+(?=\/|$)/g, '/:n').slice(0, 120);
  const names = new Set(query.split('&').map((pair) => (pair.split('=')[0] as string).slice(0, 40)));
  names.delete('');
  return `${method} ${template}${names.size === 0 ? '' : `?${[...names].sort().slice(0, 8).join('&')}`}`;
}
