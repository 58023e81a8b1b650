/** The machine cannot be brought up, or is not. Its message says what was seen and what to do; no stack is needed. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}
