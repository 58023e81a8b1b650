/** Money in whole cents, so that arithmetic is exact; as text with two decimals everywhere outside. */

/** `1234` -> `12.34`. */
export function priceText(cents: number): string {
  const whole = Math.trunc(cents / 100);
  return `${whole}.${String(cents % 100).padStart(2, '0')}`;
}

/** `12.34` or `12` -> cents; undefined for anything else. */
export function parsePrice(text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
