/** Every command of the command line. Loading them all loads most of the project. */
import type { CommandModule } from 'yargs';
import { benchCommand } from './bench.ts';
import { claimsCommand } from './claims.ts';
import { cleanCommand } from './clean.ts';
import { compareCommand } from './compare.ts';
import { explainCommand } from './explain.ts';
import { judgeCommand } from './judge.ts';
import { killsCommand } from './kills.ts';
import { listCommand } from './list.ts';
import { planCommand } from './plan.ts';
import { rehearseCommand } from './rehearse.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { setupCommand } from './setup.ts';
import { shrinkCommand } from './shrink.ts';
import { testCommand } from './test.ts';

/** All commands, in the order in which help lists them. */
// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which yargs checks.
export const COMMANDS: readonly CommandModule<object, any>[] = [
  setupCommand,
  listCommand,
  explainCommand,
  planCommand,
  runCommand,
  rehearseCommand,
  judgeCommand,
  reportCommand,
  compareCommand,
  claimsCommand,
  cleanCommand,
  benchCommand,
  shrinkCommand,
  killsCommand,
  testCommand,
];
