/** Constants of the claims, each with its reason; `docs/claims.md` explains them. */

/** Chance that any of a campaign's paired comparisons decides wrongly; the correction is over all that could pass. */
export const CLAIMS_ALPHA = 0.05;

/** Pairs that must differ before a sign test can pass where two tests or more share that chance. */
export const LEAST_DISCORDANT = Math.ceil(Math.log2(2 / CLAIMS_ALPHA));

/** Of the faults that do harm in place, the share that may do so in isolation: "prevents" is not "makes rarer". */
export const PREVENTED_TOLERANCE = 0.25;

/** Mixed versions after an atomic switch are a broken promise, not a matter of degree; one in twenty may be the testbed's. */
export const MIXED_TOLERANCE = 0.05;

/** "Prevents some latent errors": any share will do, as long as they are fewer. */
export const SOME_TOLERANCE = 1;

/** Upgrades without a fault that may disturb users, and quiescences that may be too long: one in four, so that thirteen trials decide. */
export const DISTURBED_TOLERANCE = 0.25;

/** A held request that is answered within a second keeps the user's flow of thought (Nielsen, "Usability Engineering", 1993). */
export const QUIESCENCE_LIMIT_MS = 1000;

/** "Essential": of the faults that tests stop in the universe that will serve, one in four passes them in another environment. */
export const ESSENTIAL_SHARE = 0.25;
