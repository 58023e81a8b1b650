/** What Imago did in a trial, from what its machines told. */
import type { ImagoRecord } from '../../results/schema.ts';
import type { ImagoNews } from '../upgrader/protocol.ts';
import type { Afterwards } from './afterwards.ts';

/**
 * Sums the news up.
 * @param residue what an upgrade that was given up left in U_old; null where U_new serves
 * @param after how it left things
 */
export function imagoRecordOf(
  news: readonly ImagoNews[],
  residue: string[] | null,
  after: Afterwards,
): ImagoRecord {
  const of = (what: string) => news.filter((one) => one.what === what).map(({ figures }) => figures);
  const latest = (what: string, figure: string) => Number(of(what).at(-1)?.[figure] ?? 0);
  return {
    quiescences: of('quiescence').map((figures) => ({
      phase: String(figures.step).split('/')[0] ?? '',
      lastedMs: Number(figures.lastedMs),
      peakWaiting: Number(figures.peakWaiting),
      ended: String(figures.ended),
    })),
    transferredRows: latest('transfer', 'copiedRows'),
    compared: latest('verdict', 'compared'),
    mismatched: latest('verdict', 'mismatched'),
    residue,
    ...after,
    driverRestarts: of('driver-restarted').length,
  };
}
