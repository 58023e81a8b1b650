/** Reports like mocha's `spec`, and tells how many tests passed and failed in a form that others can read. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Prints `N passed, N failed` as the last line. Where `UPFAULT_TEST_COUNTS` names a file, the counts are
 * written there as JSON instead, for whoever adds up several runs. Failed hooks count as failures.
 */
export default class ClosingLine extends Mocha.reporters.Spec {
  override done(failures: number, finish?: (failures: number) => void): void {
    const { passes: passed = 0, failures: failed = 0 } = this.stats ?? {};
    const countsFile = process.env.UPFAULT_TEST_COUNTS ?? '';
    if (countsFile === '') process.stdout.write(`${passed} passed, ${failed} failed\n`);
    else writeFileSync(countsFile, JSON.stringify({ passed, failed }));
    finish?.(failures);
  }
}
