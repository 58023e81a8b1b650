/** One group of tests in a mocha process of its own, so that one that breaks down takes only itself along. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_FOLDER } from './folders.ts';

/** A group of tests. */
export interface Stage {
  readonly name: string;
  /** Relative to the project. */
  readonly files: readonly string[];
  /** For one test, unless it sets its own. */
  readonly testTimeoutMs: number;
  /** For all of them; then the process is ended. */
  readonly stageTimeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the tests' output goes; absent: to our own. */
  readonly output?: 'inherit' | 'ignore';
}

/** How a group went. A runner that broke down counts as a failure of its own. */
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  /** Titles of the tests that were not run, because they or something on the machine said so. */
  readonly skipped: readonly string[];
  /** How the runner itself broke down; undefined where it did not. */
  readonly breakdown: string | undefined;
}

const Counts = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.array(z.string()),
});

/** Runs a stage with the terminal's output as its own. */
export async function runStage(stage: Stage): Promise<StageResult> {
  const folder = mkdtempSync(join(tmpdir(), 'upfault-test-'));
  const countsFile = join(folder, 'counts.json');
  try {
    const ended = await runMocha(stage, countsFile);
    const counts = readCounts(countsFile);
    if (counts === undefined) {
      return { passed: 0, failed: 1, skipped: [], breakdown: `${ended.how}, and told no counts` };
    }
    if (ended.exitCode !== 0 && counts.failed === 0) {
      return { ...counts, failed: 1, breakdown: `${ended.how}, although no test failed` };
    }
    return { ...counts, breakdown: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runMocha(stage: Stage, countsFile: string): Promise<{ exitCode: number | null; how: string }> {
  const parameters = [
    join(PROJECT_FOLDER, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    // A test that left a connection open is not to keep a CI run waiting.
    '--exit',
    // One that was forgotten would leave out all the other tests of its group, and nobody would see it.
    '--forbid-only',
    ...['--timeout', String(stage.testTimeoutMs)],
    ...['--reporter', join(PROJECT_FOLDER, 'test/reporter/closing-line.ts')],
    ...stage.files,
  ];
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, parameters, {
      cwd: PROJECT_FOLDER,
      stdio: ['ignore', stage.output ?? 'inherit', stage.output ?? 'inherit'],
      env: { ...process.env, ...stage.environment, UPFAULT_TEST_COUNTS: countsFile },
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, stage.stageTimeoutMs);
    child.on('error', failed);
    child.on('exit', (exitCode, signal) => {
      clearTimeout(timer);
      const how = timedOut ? `not done after ${stage.stageTimeoutMs} ms` : `ended with ${exitCode ?? signal}`;
      done({ exitCode, how });
    });
  });
}

function readCounts(file: string): z.infer<typeof Counts> | undefined {
  try {
    return Counts.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not written, or half written: the runner broke down, and the caller says so.
    return undefined;
  }
}
