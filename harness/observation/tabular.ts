/** Rows as the mariadb client prints them with `--batch`: tab-separated, special characters escaped. */

/** Parses output with a header line; the header is the first row. NULL is the text `NULL`. */
export function parseTabular(output: string): string[][] {
  const text = output.endsWith('\n') ? output.slice(0, -1) : output;
  if (text === '') return [];
  return text.split('\n').map((line) => line.split('\t').map(unescaped));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\' };

function unescaped(field: string): string {
  return field.replaceAll(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
