/** Every finding of the slides as a check over a campaign. */
import type { JudgedTrial } from '../judge.ts';
import type { ExactTest } from '../statistics/exact.ts';
import { correctedExact } from '../statistics/family.ts';
import { variantOf } from '../variant.ts';
import type { Claim } from './claim.ts';
import { decideFidelity, fidelityTest } from './fidelity.ts';
import { decidePaired, pairedTests } from './paired.ts';
import { inPlaceApproaches } from './pairs.ts';
import { CLAIMS_ALPHA } from './rules.ts';
import { decideViolations, liveWorkload, quiescence, violationsTest } from './single.ts';

/**
 * All claims, in the order of the slides' summary. One family of tests: paired comparisons in both directions, how many faults
 * remain in isolation, and the comparison of violations with controls, against every approach in place; the correction is over all that could pass.
 * @param elsewhere trials of the same faults in an environment that differs from production
 */
export function claimsOf(all: readonly JudgedTrial[], elsewhere?: readonly JudgedTrial[]): Claim[] {
  // Without mirroring, or without the interceptor, an approach is another one.
  const trials = all.filter(({ record }) => variantOf(record) === '');
  const approaches = inPlaceApproaches(trials);
  const paired = approaches.flatMap((approach) => pairedTests(trials, approach));
  const violations = approaches.map((approach) => ({ approach, found: violationsTest(trials, approach) }));
  const fidelity = fidelityTest(all, elsewhere);
  const tests = [
    ...paired.map(({ test }) => test),
    ...paired.map(({ reverse }) => reverse),
    ...paired.map(({ exceeds }) => exceeds),
    ...violations.map(({ found }) => found.test),
    ...(fidelity.isGiven ? [fidelity.test, fidelity.reverse] : []),
  ];
  const ps = correctedExact(tests, CLAIMS_ALPHA);
  const corrected = new Map(tests.map((test, index) => [test, ps[index] ?? 1]));
  const pOf = (test: ExactTest) => corrected.get(test) ?? 1;
  return [
    ...paired.map((test) => decidePaired(test, pOf)),
    liveWorkload(trials),
    quiescence(trials),
    ...violations.map(({ approach, found }) => decideViolations(found, approach, pOf(found.test))),
    decideFidelity(fidelity, pOf(fidelity.test), pOf(fidelity.reverse)),
  ];
}

/** Lines for a terminal. */
export function claimsText(claims: readonly Claim[]): string {
  return claims
    .map((claim) => {
      const against = claim.against === '' ? '' : ` (beside ${claim.against})`;
      const p = claim.p === null ? [] : [`p = ${Number(claim.p.toPrecision(2))}, corrected`];
      const shown = claim.trials.slice(0, MOST_TRIALS).join(', ');
      const more = claim.trials.length > MOST_TRIALS ? `, and ${claim.trials.length - MOST_TRIALS} more` : '';
      return [
        `${claim.verdict.padEnd(12)} ${claim.finding}${against}`,
        `             ${[claim.numbers, ...p].join('; ')}`,
        ...(claim.trials.length === 0 ? [] : [`             decided by ${shown}${more}`]),
        ...(claim.missing === '' ? [] : [`             missing: ${claim.missing}`]),
      ].join('\n');
    })
    .join('\n');
}

const MOST_TRIALS = 8;
