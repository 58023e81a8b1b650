/** The procedure's step did not succeed: what an operator would see. Never the testbed's own failure. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}
