import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { projectionsOf, withProjections } from './conversions.ts';
import { replace } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';

const name = 'conversion-lossy';
/** An amount in the smallest unit of money, from one in whole units with a fraction. */
const EXACT = /ROUND\(((?:\w+\.)?\w+) \* 100\)/g;
const ROUNDED = 'ROUND($1) * 100';

/** The conversion of money drops what is behind the decimal point. */
export const conversionLossy: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Database schema',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'Amounts of money are converted to their smallest unit. The conversion that the operator runs rounds them to whole units first.',
  confirmedBy: 'Of the sampled amounts, none has a fraction of a unit left.',
  newOnly: 'nothing is converted into the old shape',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary] = hosts('db');
    const isMeant = (step: Step): step is Step =>
      convertsAtOnce(step) ||
      projectionsOf(step).some(({ sources }) => sources.some(({ select }) => select.search(EXACT) >= 0));
    if (!steps.some(isMeant) || primary === undefined)
      return { applies: false, reason: 'no step of the procedure converts amounts of money' };
    return {
      applies: true,
      steps: replace(name, steps, isMeant, rounding, 'amounts are rounded to whole units'),
      observe: [
        {
          after: 'end',
          step: observe('amounts', primary, {
            read: 'sql',
            database: facts.database,
            statement: facts.conversion.rounded,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('amounts lost their fractions')),
};

/** Triggers keep two shapes in step; they convert nothing that was there. */
function convertsAtOnce(step: Step): boolean {
  return step.kind === 'sql' && step.statements.search(EXACT) >= 0 && !/\bTRIGGER\b/i.test(step.statements);
}

function rounding(step: Step): Step {
  if (step.kind === 'sql') return { ...step, statements: step.statements.replace(EXACT, ROUNDED) };
  return withProjections(step, (projection) => ({
    ...projection,
    sources: projection.sources.map((source) => ({
      ...source,
      select: source.select.replace(EXACT, ROUNDED),
    })),
  }));
}
