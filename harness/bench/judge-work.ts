/**
 * One measured piece of work of the benchmark of judging, in a process of its own so that its memory is its own:
 *     node judge-work.ts judge|report|parse DIR
 * Prints CPU seconds and peak memory as one JSON line, last.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { errorCode } from '../../results/errors.ts';
import * as layout from '../../results/layout.ts';
import { namesIn } from '../../results/trial-files.ts';

/** What the process used. */
export interface WorkUsed {
  readonly cpuS: number;
  readonly peakMb: number;
}

const [work = '', folder = ''] = process.argv.slice(2);
if (work === 'parse') await parseAll(folder);
else {
  // Loaded on use: the floor is to pay for nothing of this project.
  const { commandsFor, parserOf } = await import('../commands/parser.ts');
  await parserOf([work, folder], await commandsFor([work])).parseAsync();
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const used: WorkUsed = { cpuS: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 };
process.stdout.write(`${JSON.stringify(used)}\n`);

/** The floor: every file that a judgement needs is read and parsed by the parsers themselves, checked by nobody, and let go. */
async function parseAll(campaign: string): Promise<void> {
  const trials = path.join(campaign, layout.TRIALS_FOLDER);
  for (const id of await namesIn(trials)) {
    const text = (name: string): string => {
      try {
        return readFileSync(path.join(trials, id, name), 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return '';
        throw error;
      }
    };
    JSON.parse(text(layout.TRIAL_FILE));
    for (const line of text(layout.EVENTS_FILE).split('\n')) if (line !== '') JSON.parse(line);
    for (const name of [layout.REQUESTS_FILE, layout.BINS_FILE])
      parse(text(name), { columns: true, skip_empty_lines: true });
  }
}
