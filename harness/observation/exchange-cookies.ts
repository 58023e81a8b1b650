/**
 * Cookies of one client of one site: names and values, with removal. Paths, domains and `Secure` are left
 * out of account: there is one site, and its ingress ends TLS on the loopback interface.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes the values of `Set-Cookie` headers. */
  take(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      if (at <= 0) continue;
      const name = pair.slice(0, at);
      if (attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(at + 1));
    }
  }

  /** Value of the `Cookie` header; empty when there are no cookies. */
  header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
