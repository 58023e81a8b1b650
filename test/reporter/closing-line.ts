/** Reports like mocha's `spec`, and tells how many tests passed and failed in a form that others can read. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Prints `N passed, N failed` as the last line, and on a line before it which tests were skipped, where some were.
 * Where `UPFAULT_TEST_COUNTS` names a file, all that is written there as JSON instead, for whoever adds up several
 * runs. Failed hooks count as failures.
 */
export default class ClosingLine extends Mocha.reporters.Spec {
  readonly #skipped: string[] = [];

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pending', (test) => this.#skipped.push(test.fullTitle()));
  }

  override done(failures: number, finish?: (failures: number) => void): void {
    const { passes: passed = 0, failures: failed = 0 } = this.stats ?? {};
    const skipped = this.#skipped;
    const countsFile = process.env.UPFAULT_TEST_COUNTS ?? '';
    if (countsFile === '') {
      if (skipped.length > 0) process.stdout.write(`${skipped.length} skipped: ${skipped.join('; ')}\n`);
      process.stdout.write(`${passed} passed, ${failed} failed\n`);
    } else writeFileSync(countsFile, JSON.stringify({ passed, failed, skipped }));
    finish?.(failures);
  }
}
