/** Unpacks the stories of trials from the page, a block at a time. */
import type { ReportData, Story, TrialBlock } from '../page-types.ts';

/** A block that was unpacked is kept: its other trials are often next. */
const unpacked = new Map<number, Promise<TrialBlock>>();

/** @param index of the trial in `data.trials`. @throws Error where the browser cannot unpack, or the page was cut off. */
export async function storyOf(data: ReportData, index: number): Promise<Story> {
  const number = Math.floor(index / data.blockTrials);
  const block = unpacked.get(number) ?? unpack(number);
  unpacked.set(number, block);
  const { texts, trials } = await block;
  const trial = trials[index % data.blockTrials];
  if (trial === undefined) throw new Error(`page: block ${number} lacks trial ${index}`);
  return { texts, trial };
}

async function unpack(number: number): Promise<TrialBlock> {
  const text = document.getElementById(`trials-${number}`)?.textContent;
  if (text === undefined) throw new Error(`page: no block ${number}; the file was cut off`);
  if (typeof DecompressionStream === 'undefined')
    throw new Error('This browser cannot unpack trials; one of 2023 or later can.');
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as TrialBlock;
}
