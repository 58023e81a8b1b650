/** Links to a cell's trials, each with the colour, the initial and the name of what users felt. */
import { INITIALS } from '../../charts/primary-impact.ts';
import type { ReportCell, ReportData } from '../page-types.ts';
import { element } from './element.ts';
import { trialsOf } from './filters.ts';

/** Up to so many trials are called by their names, more by their numbers. */
const NAMED = 2;

/** Trials that a row of the table links to; the others are in the list of the trial section. */
const MOST_LINKS = 24;

/** In place of an initial where a trial says nothing of users. */
const UNTOLD = '–';

/** The address of a trial within the page. */
export function trialAddress(id: string): string {
  return `#trial=${encodeURIComponent(id)}`;
}

/** A word of an impact behind its colour. */
export function impactChip(impact: string, text: string): HTMLElement {
  return element('span', { class: `chip is-${impact.replaceAll(' ', '-')}` }, text);
}

/** @param current id of the trial that is shown. */
export function trialLinks(data: ReportData, cell: ReportCell, current = '', most = MOST_LINKS): HTMLElement {
  const trials = trialsOf(data, cell);
  const links = trials.slice(0, most).map(({ id, primary, outcome }, index) => {
    const felt = primary === '' ? outcome : primary;
    const initial = primary === '' ? UNTOLD : (INITIALS[primary] ?? '');
    const isNumbered = trials.length > NAMED;
    const shown = `${isNumbered ? index + 1 : id} ${initial}`.trim();
    const link = element(
      'a',
      {
        href: trialAddress(id),
        class: `chip is-${felt.replaceAll(' ', '-')}`,
        title: `${id}: ${felt}`,
        'aria-label': `${shown}: ${isNumbered ? `${id}, ` : ''}${felt}`,
      },
      shown,
    );
    if (id === current) link.setAttribute('aria-current', 'true');
    return link;
  });
  const more = trials.length > most ? `and ${trials.length - most} more in the list of trials` : null;
  return element('span', { class: 'trials' }, ...links, more);
}
