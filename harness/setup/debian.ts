/** Installing Debian packages, where that is ours to do: on Debian and what descends from it, as root. */
import { readFileSync } from 'node:fs';
import { readBrought, recordBrought } from './brought.ts';
import { findOnPath } from './executable.ts';
import { lastLines, runProgram } from './program.ts';
import { SetUpError } from './set-up-error.ts';

const UPDATE_TIMEOUT_MS = 180_000;
const INSTALL_TIMEOUT_MS = 600_000;

/** Why packages cannot be installed here, or undefined where they can. */
export function whyNoPackages(): string | undefined {
  if (!isDebianFamily(readOsRelease())) return 'this is not Debian or one of its descendants';
  if (findOnPath('apt-get') === undefined) return 'there is no apt-get on PATH';
  if (process.getuid?.() !== 0) return 'this user is not root';
  return undefined;
}

/** Whether the text of `/etc/os-release` describes Debian or a descendant of it. */
export function isDebianFamily(osRelease: string): boolean {
  const ids = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=["']?([^"'\n]*)["']?$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
  return ids.includes('debian');
}

/** Installs packages and records which ones were new. `purpose` opens the error's message. */
export function installPackages(packages: readonly string[], purpose: string): Promise<void> {
  const turn = lastTurn.then(() => install(packages, purpose));
  // The next in line does not care how this one ended; whoever asked for it does.
  lastTurn = turn.catch(() => undefined);
  return turn;
}

// apt-get holds a lock on the machine's packages: parts that run at the same time take turns.
let lastTurn: Promise<unknown> = Promise.resolve();
let listsAreFresh = false;

async function install(packages: readonly string[], purpose: string): Promise<void> {
  const refusal = whyNoPackages();
  if (refusal !== undefined)
    throw new SetUpError(`${purpose}: cannot install ${packages.join(', ')}, because ${refusal}`);
  if (!listsAreFresh) {
    await apt(['update', '-q'], UPDATE_TIMEOUT_MS, purpose);
    listsAreFresh = true;
  }
  await recordInstalled();
  const before = new Set((await installedPackages()).map(withoutArchitecture));
  const order = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  const toCome = packagesToCome(await apt(['-s', ...order], INSTALL_TIMEOUT_MS, purpose));
  // Written down first: who is killed in the middle of it records nothing afterwards.
  recordBrought({ installing: toCome.filter((name) => !before.has(name)) });
  try {
    await apt(order, INSTALL_TIMEOUT_MS, purpose);
  } finally {
    // Also after a failure: half an installation is to be removed as well.
    await recordInstalled();
  }
}

/** Records as brought what has come of the packages that were being installed, also those of a set-up that was cut off. */
export async function recordInstalled(): Promise<void> {
  const { installing = [] } = readBrought();
  if (installing.length === 0) return;
  const come = (await installedPackages()).filter((name) => installing.includes(withoutArchitecture(name)));
  recordBrought({ packages: come, installing: [] });
}

/**
 * Removes packages with their configuration. `SetUpError`, and nothing removed, where something that was
 * installed since needs one of them.
 */
export async function purgePackages(packages: readonly string[]): Promise<void> {
  const purpose = 'remove what set-up installed';
  const refusal = whyNoPackages();
  if (refusal !== undefined)
    throw new SetUpError(`${purpose}: cannot remove ${packages.join(', ')}, because ${refusal}`);
  const simulated = await apt(['-s', 'purge', '-y', ...packages], INSTALL_TIMEOUT_MS, purpose);
  const others = packagesToGo(simulated).filter(
    (name) => !packages.some((ours) => withoutArchitecture(ours) === name),
  );
  if (others.length > 0) {
    throw new SetUpError(
      `${purpose}: ${others.join(', ')} would go too, which set-up did not install; remove them first`,
    );
  }
  await apt(['purge', '-y', '-q', ...packages], INSTALL_TIMEOUT_MS, purpose);
}

/** Names in the output of a simulated removal, without architecture. */
export function packagesToGo(simulated: string): readonly string[] {
  return [...simulated.matchAll(/^(?:Purg|Remv) ([^\s:]+)/gm)].map((match) => match[1] as string);
}

/** Names of new packages in the output of a simulated installation, without architecture; an upgrade names the former version. */
export function packagesToCome(simulated: string): string[] {
  return [...simulated.matchAll(/^Inst ([^\s:]+)(?::\S+)? \(/gm)].map((match) => match[1] as string);
}

function withoutArchitecture(name: string): string {
  return name.split(':', 1)[0] ?? name;
}

async function apt(parameters: readonly string[], timeoutMs: number, purpose: string): Promise<string> {
  const argv = ['apt-get', '-o', 'DPkg::Lock::Timeout=120', ...parameters] as const;
  const { exitCode, output } = await runProgram(argv, {
    timeoutMs,
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (exitCode !== 0) {
    throw new SetUpError(
      `${purpose}: apt-get ${parameters.join(' ')} ended with ${exitCode}:\n${lastLines(output, 10)}`,
    );
  }
  return output;
}

async function installedPackages(): Promise<string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query has placeholders of its own
  const argv = ['dpkg-query', '-W', '-f', '${binary:Package} ${db:Status-Abbrev}\n'] as const;
  const { exitCode, stdout, output } = await runProgram(argv, { timeoutMs: 30_000 });
  if (exitCode !== 0)
    throw new SetUpError(
      `list the installed packages: dpkg-query ended with ${exitCode}: ${lastLines(output, 3)}`,
    );
  const lines = stdout.split('\n').map((line) => line.split(' '));
  return lines.filter(([, status]) => status?.startsWith('i')).map(([name]) => name as string);
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
