/** What Imago did in a trial, from its timeline: the transfer between two tellings, the phases, and what came of them. */
import type { TrialEvent } from '../../results/schema.ts';
import type { CourseMark, CoursePhase, ImagoCourse } from '../charts/imago-course.ts';

type News = Extract<TrialEvent, { event: 'imago' }>;
type StepEnd = Extract<TrialEvent, { event: 'step-end' }>;

/** Gates of Imago's own by the last part of their steps' ids. */
const GATES: Readonly<Record<string, string>> = {
  compare: 'checksums',
  integration: 'integration tests',
  verdict: 'compare engine',
};

/** First parts of step ids, as the chart names them. */
const PHASES: Readonly<Record<string, string>> = {
  imago: 'driver',
  terminate: 'termination',
  test: 'testing',
  switch: 'switchover',
  abort: 'abort',
};

/** @returns null where no step of Imago was begun */
export function imagoCourseOf(events: readonly TrialEvent[]): ImagoCourse | null {
  const begun = new Set(
    events.flatMap((event) => (event.event === 'step-start' && event.kind === 'imago' ? [event.stepId] : [])),
  );
  if (begun.size === 0) return null;
  const news = events.filter((event) => event.event === 'imago');
  const ends = events.filter((event) => event.event === 'step-end').filter(({ stepId }) => begun.has(stepId));
  const marks = [...marksOf(ends), ...newsMarks(news)].sort((a, b) => a.atS - b.atS);
  return { transfer: transferOf(news), phases: phasesOf(ends, news), marks };
}

/** The driver tells sums since it began; the chart shows what happened in between. A driver that was restarted begins anew. */
function transferOf(news: readonly News[]): ImagoCourse['transfer'] {
  const points: ImagoCourse['transfer'][number][] = [];
  let beganMs = 0;
  let last = { atMs: 0, rows: 0, pausedMs: 0 };
  for (const { what, atMs, figures } of news) {
    if (what === 'transfer-begun' || what === 'driver-restarted') {
      beganMs = atMs;
      last = { atMs, rows: what === 'transfer-begun' ? 0 : last.rows, pausedMs: 0 };
    }
    if (what !== 'transfer') continue;
    const rows = Number(figures.copiedRows);
    const pausedMs = Number(figures.pauseShare) * (atMs - beganMs);
    const lastedMs = atMs - last.atMs;
    const isOver = rows === last.rows && points.length > 0 && isFrozen(news, atMs);
    if (lastedMs > 0 && !isOver) {
      const share = Math.min(1, Math.max(0, (pausedMs - last.pausedMs) / lastedMs));
      points.push({
        atS: hundredth(atMs),
        rowsPerS: Math.max(0, Math.round(((rows - last.rows) * 1000) / lastedMs)),
        pausePercent: Math.round(share * 100),
        driverMb: Math.round(Number(figures.driverMb)),
      });
    }
    last = { atMs, rows, pausedMs };
  }
  return points;
}

/** Whether nothing was copied from here on. */
function isFrozen(news: readonly News[], atMs: number): boolean {
  const later = news.filter((one) => one.what === 'transfer' && one.atMs >= atMs);
  const rows = new Set(later.map(({ figures }) => figures.copiedRows));
  return rows.size === 1;
}

function phasesOf(ends: readonly StepEnd[], news: readonly News[]): CoursePhase[] {
  const known = [...new Set(ends.map(({ stepId }) => partOf(stepId)))];
  return known.map((part) => {
    const own = ends.filter(({ stepId }) => partOf(stepId) === part);
    return {
      phase: PHASES[part] ?? part,
      fromS: hundredth(Math.min(...own.map(({ startMs }) => startMs))),
      toS: hundredth(Math.max(...own.map(({ atMs }) => atMs))),
      text: part === 'imago' ? copiedText(news) : own.flatMap((end) => textOf(end, news)).join(', '),
    };
  });
}

function copiedText(news: readonly News[]): string {
  const rows = figuresOf(news, 'transfer', undefined)?.copiedRows;
  return rows === undefined ? '' : `${Number(rows).toLocaleString('en')} rows copied`;
}

/** What a step came to, in a few words; nothing for steps that only do what their title says. */
function textOf({ stepId, outcome }: StepEnd, news: readonly News[]): string[] {
  const gate = GATES[lastOf(stepId)];
  if (gate !== undefined && outcome !== 'done') return [`${gate} refused`];
  if (outcome !== 'done') return [`${lastOf(stepId)} failed`];
  const figures = (what: string) => figuresOf(news, what, stepId);
  switch (lastOf(stepId)) {
    case 'release': {
      const held = figures('quiescence');
      return held === undefined ? [] : [`held ${Number(held.lastedMs).toFixed(0)} ms`];
    }
    case 'compare': {
      const compared = figures('compared');
      return compared === undefined ? ['equal'] : [`equal (${compared.rows} rows compared)`];
    }
    case 'verdict': {
      const verdict = figures('verdict');
      return verdict === undefined ? [] : [`${verdict.agreed} of ${verdict.compared} answers agreed`];
    }
    case 'reconcile': {
      const keys = figures('reconciled')?.keys;
      return keys === undefined ? [] : [`${keys} keys reconciled`];
    }
    case 'redirect':
      return ['redirected'];
    default:
      return [];
  }
}

/** Figures of the last piece of news of a kind, of one step where asked. */
function figuresOf(
  news: readonly News[],
  what: string,
  stepId: string | undefined,
): News['figures'] | undefined {
  return news.findLast((one) => one.what === what && (stepId === undefined || one.figures.step === stepId))
    ?.figures;
}

/** Gates and the redirection, at the ends of their steps. */
function marksOf(ends: readonly StepEnd[]): CourseMark[] {
  return ends.flatMap(({ stepId, atMs, outcome, reason }): CourseMark[] => {
    const gate = GATES[lastOf(stepId)];
    const at = { phase: PHASES[partOf(stepId)] ?? partOf(stepId), atS: hundredth(atMs) };
    if (gate !== undefined) {
      const what = outcome === 'done' ? 'gate passed' : 'gate refused';
      return [{ ...at, what, text: reason === '' ? gate : `${gate}: ${reason.slice(0, 160)}` }];
    }
    if (lastOf(stepId) === 'redirect' && outcome === 'done')
      return [{ ...at, what: 'redirection', text: 'clients reach the new universe' }];
    return [];
  });
}

function newsMarks(news: readonly News[]): CourseMark[] {
  return news.flatMap(({ what, atMs, figures }): CourseMark[] => {
    if (what === 'quiescence') {
      const part = partOf(String(figures.step));
      const text = `${Number(figures.lastedMs).toFixed(1)} ms, at most ${figures.peakWaiting} requests waiting, ${figures.ended}`;
      const middleMs = atMs - Number(figures.lastedMs) / 2;
      return [{ phase: PHASES[part] ?? part, what: 'quiescence', atS: hundredth(middleMs), text }];
    }
    if (what === 'driver-restarted')
      return [
        {
          phase: 'driver',
          what: 'driver restarted',
          atS: hundredth(atMs),
          text: `restart ${figures.restart}`,
        },
      ];
    return [];
  });
}

function partOf(stepId: string): string {
  return stepId.split('/')[0] ?? '';
}

function lastOf(stepId: string): string {
  return stepId.split('/').at(-1) ?? '';
}

function hundredth(ms: number): number {
  return Math.round(ms / 10) / 100;
}
