/**
 * How readings become evidence. A reading that could not be taken proves nothing; a fault is in effect where
 * at least one reading shows it, and the summary says where, and on how many of the hosts that were looked at.
 */
import type { Evidence, Reading } from '../harness/contract/observation.ts';

/** What one reading says of the fault. */
export type Shown =
  | { readonly says: 'in-effect'; readonly words: string }
  | { readonly says: 'nothing' }
  | { readonly says: 'unreadable'; readonly words: string };

/** What a reading that was taken gave. */
export interface Taken {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Judges one taken reading. */
export type Judge = (taken: Taken) => Shown;

/** Judges every reading of a fault; by what was read, and where another reading has to be looked up, by whose it is. */
export function evidenceFrom(
  readings: readonly Reading[],
  judge: (taken: Taken, reading: Reading) => Shown,
): Evidence {
  const judged = readings.map((reading) => ({
    reading,
    shown: reading.result.taken
      ? judge(reading.result, reading)
      : ({ says: 'unreadable', words: reading.result.reason } as const),
  }));
  const told = (says: 'in-effect' | 'unreadable') =>
    [
      ...new Set(
        judged.flatMap(({ reading, shown }) =>
          shown.says === says ? [`${reading.host}: ${shown.words}`] : [],
        ),
      ),
    ].join('; ');
  const inEffect = judged.filter(({ shown }) => shown.says === 'in-effect');
  if (inEffect.length > 0) {
    return {
      verdict: 'found',
      summary: `${told('in-effect')}${shareOf(inEffect, judged)}`,
      stepIds: inEffect.map(({ reading }) => reading.stepId),
    };
  }
  const nothing = judged.filter(({ shown }) => shown.says === 'nothing');
  if (nothing.length > 0)
    return {
      verdict: 'not-found',
      summary: `${nothing.length} of ${judged.length} readings show nothing of it`,
    };
  return {
    verdict: 'unreadable',
    summary: judged.length === 0 ? 'no reading was taken' : told('unreadable'),
  };
}

type Judged = { readonly reading: Reading };

/** A fault that shall meet several hosts is found on one of them already: how many it were is said. */
function shareOf(inEffect: readonly Judged[], all: readonly Judged[]): string {
  const hostsOf = (judged: readonly Judged[]) =>
    new Set(judged.map(({ reading }) => `${reading.universe} ${reading.host}`)).size;
  return hostsOf(all) < 2 ? '' : ` (${hostsOf(inEffect)} of ${hostsOf(all)} hosts that were looked at)`;
}

/**
 * For observations made with `grep`: a line that matches is evidence, no line is none, and any other exit
 * code (no such file, say) means that nothing could be read.
 */
export function matched(words: string): Judge {
  return ({ exitCode, stdout, stderr }) => {
    if (exitCode === 0) return { says: 'in-effect', words: `${words} (${firstLine(stdout)})` };
    if (exitCode === 1) return { says: 'nothing' };
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
  };
}

/** For SQL observations that list what is missing: a row under the header is evidence, none is none. */
export function rowsListed(words: string): Judge {
  return ({ exitCode, stdout, stderr }) => {
    if (exitCode !== 0) return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
    const [, ...rows] = stdout.trim().split('\n');
    return rows.length > 0 && rows[0] !== ''
      ? { says: 'in-effect', words: `${words} (${rows.join(', ')})` }
      : { says: 'nothing' };
  };
}

/** For observations of Imago's machines, which tell a JSON object of the shape `T`. */
export function toldBy<T>(judge: (told: T) => Shown): Judge {
  return ({ stdout }) => {
    try {
      return judge(JSON.parse(stdout) as T);
    } catch (error) {
      return { says: 'unreadable', words: `${firstLine(stdout)}: ${(error as Error).message}` };
    }
  };
}

/** Longest line that a summary holds whole. */
const LINE_CHARACTERS = 160;

/** First line of an output, short enough for a summary. */
export function firstLine(text: string): string {
  const line = (text.trim().split('\n')[0] ?? '').trim();
  return line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line;
}
