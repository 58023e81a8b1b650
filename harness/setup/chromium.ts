/** The browser in which the report is tested. Only tests need it. */
import { installPackages, whyNoPackages } from './debian.ts';
import { findOnPath } from './executable.ts';
import { SetUpError } from './set-up-error.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** Path of a Chromium or Chrome, or undefined where there is none. */
export function findChromium(): string | undefined {
  for (const name of NAMES) {
    const path = findOnPath(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Installs Debian's Chromium and returns its path. `SetUpError` where this machine does not allow it. */
export async function provideChromium(): Promise<string> {
  const purpose = 'find a browser for the browser tests';
  const refusal = whyNoPackages();
  if (refusal !== undefined) {
    throw new SetUpError(
      `${purpose}: none of ${NAMES.join(', ')} is on PATH, and none can be installed, because ${refusal}`,
    );
  }
  process.stdout.write('no Chromium on PATH: installing the Debian package chromium\n');
  await installPackages(['chromium'], purpose);
  const path = findChromium();
  if (path === undefined)
    throw new SetUpError(
      `${purpose}: the package chromium is installed, and none of ${NAMES.join(', ')} is on PATH`,
    );
  return path;
}
