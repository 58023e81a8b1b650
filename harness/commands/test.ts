/** `upfault test`: the project's own tests, and one closing line for all of them. */
import type { CommandModule } from 'yargs';
import { runTests } from '../setup/test-run.ts';

interface TestArguments {
  readonly only: string | undefined;
}

/** The command. Exit code 1 where a test failed, none ran, or the test runner broke down. */
export const testCommand: CommandModule<object, TestArguments> = {
  command: 'test',
  describe: "Run the project's own tests; the last line is `N passed, N failed`",
  builder: (yargs) =>
    yargs.option('only', {
      type: 'string',
      describe: 'Only test files whose path holds this text, or matches it where it is a glob',
    }),
  handler: async ({ only }) => {
    if (!(await runTests(only))) process.exitCode = 1;
  },
};
