/** The gates that any host has: by their name alone one does not know which step refused. A file of its own, for the page has it too. */

/** Name of the gate that all steps are which test nothing. */
export const STEP_GATE = 'step';

/** A later stop by one of these is told with its step; one where a service is started, by the gate alone. */
export const GATES_OF_ANY_HOST: ReadonlySet<string> = new Set([STEP_GATE, 'health']);
