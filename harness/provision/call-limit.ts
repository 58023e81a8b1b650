/**
 * A limit on how long the engine may keep a call waiting: one that stalls would otherwise keep a trial waiting for ever.
 * Only the answer's beginning is waited for, so that a process that was started in a container may talk as long as it wants.
 */

/** Longer than anything takes that a trial asks for; an engine that starts many containers at once needs some seconds. */
const CALL_LIMIT_MS = 60_000;

/** The engine has not answered in time. */
export class EngineSilentError extends Error {
  override readonly name = 'EngineSilentError';
}

/** What the engine's client dials with, as far as it concerns us. */
interface Dialled {
  readonly method: string;
  readonly path: string;
  /** Whether the answer is read as it comes. */
  readonly isStream?: boolean;
  /** Whether the connection becomes a conversation with a process. */
  readonly hijack?: boolean;
  readonly abortSignal?: AbortSignal;
}
type Answer = (error: unknown, data: unknown) => void;

/** The part of the client that is limited. */
export interface Modem {
  dial: (options: Dialled, answer: Answer) => void;
}

const limited = new WeakSet<Modem>();

/** Limits the calls of a client, once; its own timeout would cut off what is silent for a while, such as a build. */
export function limitCalls(engine: { readonly modem: object }, limitMs = CALL_LIMIT_MS): void {
  const modem = engine.modem as Modem;
  if (limited.has(modem)) return;
  limited.add(modem);
  const dial = modem.dial.bind(modem);
  modem.dial = (options, answer) => {
    if (mayTakeLong(options)) return dial(options, answer);
    const over = new AbortController();
    let answered = false;
    const once: Answer = (error, data) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      answer(error, data);
    };
    const timer = setTimeout(() => {
      const what = `${options.method} ${options.path.split('?')[0]}`;
      once(new EngineSilentError(`ask the container engine: ${what}: no answer within ${limitMs} ms`), null);
      over.abort();
    }, limitMs);
    const signals = options.abortSignal === undefined ? [] : [options.abortSignal];
    dial({ ...options, abortSignal: AbortSignal.any([over.signal, ...signals]) }, once);
  };
}

/** Builds, pulls, archives and logs come as they are made; a container may run for as long as it likes. */
function mayTakeLong({ isStream, hijack, path }: Dialled): boolean {
  return (isStream === true && hijack !== true) || /\/(wait|commit|prune)\b/.test(path);
}
