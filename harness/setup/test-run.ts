/** The project's tests, group by group, and their sum. */
import { findChromium, provideChromium } from './chromium.ts';
import { runStage, type Stage, type StageResult } from './mocha-stage.ts';
import { SetUpError } from './set-up-error.ts';
import { GROUPS, type Group, groupOf, isMeant, listTestFiles } from './test-files.ts';

const MINUTE_MS = 60_000;
const LIMITS: Readonly<Record<Group, Pick<Stage, 'testTimeoutMs' | 'stageTimeoutMs'>>> = {
  plain: { testTimeoutMs: MINUTE_MS / 3, stageTimeoutMs: 5 * MINUTE_MS },
  containers: { testTimeoutMs: 3 * MINUTE_MS, stageTimeoutMs: 15 * MINUTE_MS },
  browser: { testTimeoutMs: MINUTE_MS, stageTimeoutMs: 5 * MINUTE_MS },
};

/** What runs a group, and what finds its browser: `SetUpError` where there is none and none can be had. */
export interface TestMachine {
  readonly run: (stage: Stage) => Promise<StageResult>;
  readonly chromium: () => Promise<string>;
}

const THIS_MACHINE: TestMachine = {
  run: runStage,
  chromium: async () => findChromium() ?? (await provideChromium()),
};

/**
 * Runs the tests that are meant, prints which were skipped, where some were, and `N passed, N failed` as the last
 * line, and says whether at least one ran and all of them passed.
 */
export async function runTests(only: string | undefined, machine = THIS_MACHINE): Promise<boolean> {
  const files = listTestFiles().filter((file) => isMeant(file, only));
  const total = { passed: 0, failed: 0 };
  const allSkipped: string[] = [];
  for (const group of GROUPS) {
    const meant = files.filter((file) => groupOf(file) === group);
    if (meant.length === 0) continue;
    const { passed, failed, skipped, breakdown } = await runGroup(group, meant, machine);
    if (breakdown !== undefined) process.stderr.write(`${group} tests: ${breakdown}\n`);
    total.passed += passed;
    total.failed += failed;
    allSkipped.push(...skipped);
  }
  const ran = total.passed + total.failed > 0;
  if (!ran)
    process.stderr.write(
      `no test ran${only === undefined ? '' : `: none of the test files matches ${only}`}\n`,
    );
  if (allSkipped.length > 0) process.stdout.write(`${allSkipped.length} skipped: ${allSkipped.join('; ')}\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return ran && total.failed === 0;
}

async function runGroup(group: Group, files: readonly string[], machine: TestMachine): Promise<StageResult> {
  let environment: Stage['environment'] = {};
  if (group === 'browser') {
    try {
      environment = { UPFAULT_CHROMIUM: await machine.chromium() };
    } catch (error) {
      // Tests that could not run did not pass: they count as one failure, with its reason.
      if (error instanceof SetUpError) return { passed: 0, failed: 1, skipped: [], breakdown: error.message };
      throw error;
    }
  }
  return await machine.run({ name: group, files, ...LIMITS[group], environment });
}
