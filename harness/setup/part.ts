/** A part of the machine that set-up looks for, and brings when it is not there. */

/** What is there of a part. */
export interface PartState {
  readonly ready: boolean;
  /** What was found, or what is missing, in one line. */
  readonly detail: string;
}

/** One part. */
export interface Part {
  readonly name: string;
  /** Looks, and changes nothing. */
  readonly check: () => Promise<PartState>;
  /**
   * Brings it. `say` takes a line before something that lasts. `SetUpError` where this machine does not
   * allow it. Set-up checks again afterwards: only a check says that a part is there.
   */
  readonly provide: (say: (line: string) => void) => Promise<void>;
}

/** What set-up did about a part. */
export interface PartReport {
  readonly part: string;
  readonly state: 'found' | 'made' | 'missing';
  readonly detail: string;
  readonly seconds: number;
}
