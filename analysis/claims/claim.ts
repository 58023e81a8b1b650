/** What a campaign says of a finding of Dumitraş and Narasimhan, "Why Do Upgrades Fail and What Can We Do About It?". */

/** `undecided` says what is missing; it is never a weak form of the others. */
export type ClaimVerdict = 'reproduced' | 'contradicted' | 'undecided';

/** One finding as a check over a campaign. */
export interface Claim {
  readonly name: string;
  /** The finding, in the words of the slides as far as possible. */
  readonly finding: string;
  /** Rule by which it is decided, with its tolerance. */
  readonly rule: string;
  /** What it is a comparison with, such as `rolling`; empty where it is about one approach alone. */
  readonly against: string;
  readonly verdict: ClaimVerdict;
  /** What was counted, in words. */
  readonly numbers: string;
  /** Corrected p value of the test that decided; null where the rule has none, or nothing could be tested. */
  readonly p: number | null;
  /** Trials that decided. */
  readonly trials: readonly string[];
  /** What is missing to decide; empty where it is decided. */
  readonly missing: string;
}
