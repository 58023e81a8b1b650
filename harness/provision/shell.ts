/**
 * A shell that stays open in a host. Starting a command through the engine takes some 50 to 100 ms each time;
 * a procedure of a hundred steps would be ten seconds of that. Here a command costs a few milliseconds.
 *
 * Commands run one after the other. Each is one line of shell: its standard input comes as base64, its output
 * goes to files in memory and comes back as base64, so that neither can be mistaken for the conversation.
 */
import { createInterface } from 'node:readline';
import type Dockerode from 'dockerode';
import { type Channel, openChannel } from './channel.ts';

/** Longest time a command may take where nothing else is asked for. */
const DEFAULT_COMMAND_TIMEOUT_MS = 30_000;
/** Time for the answer beyond the command's own limit. */
const ANSWER_GRACE_MS = 5_000;
/** Output past this is cut: evidence and messages stay readable, memory bounded. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/** What a command gave. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface ExecOptions {
  readonly stdin?: string;
  /** The command is ended after this time, with exit code 124. */
  readonly timeoutMs?: number;
}

/** The host went away while it was asked, or does not answer any more. */
export class HostLostError extends Error {
  override readonly name = 'HostLostError';
  readonly container: string;
  /** Its shell is there and gave no answer in time: that of a host that runs is kept from answering by its engine. */
  readonly silent: boolean;

  constructor(message: string, lost: Pick<HostLostError, 'container' | 'silent'>, options?: ErrorOptions) {
    super(message, options);
    this.container = lost.container;
    this.silent = lost.silent;
  }
}

interface Asked {
  readonly resolve: (result: ExecResult) => void;
  readonly reject: (lost: HostLostError) => void;
}

/** One open shell. */
export class HostShell {
  readonly #container: string;
  readonly #channel: Channel;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #broken: HostLostError | undefined;

  private constructor(container: string, channel: Channel) {
    this.#container = container;
    this.#channel = channel;
    const lines = createInterface({ input: channel.stdout });
    lines.on('line', (line) => this.#answer(line));
    lines.on('close', () => this.#break('its shell has ended'));
    channel.stdin.on('error', (error: Error) => this.#break(error.message));
    channel.stdout.on('error', (error) => this.#break(error.message));
  }

  /** Opens a shell in a running container. */
  static async open(engine: Dockerode, container: string): Promise<HostShell> {
    const channel = await openChannel(engine, container, [
      'sh',
      '-c',
      'umask 077; mkdir -p /dev/shm/upfault; umask 022; exec sh',
    ]);
    return new HostShell(container, channel);
  }

  /** Whether it can still be asked. */
  get isOpen(): boolean {
    return this.#broken === undefined;
  }

  /** Runs a command and waits for it. A non-zero exit code is a result; 124 means that its time was up. */
  run(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const result = this.#queue.then(() => this.#ask(argv, options));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Ends the shell. */
  close(): void {
    this.#break('it was closed');
    void this.#channel.close();
  }

  #ask(argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const operation = `run ${argv.join(' ').slice(0, 120)} in ${this.#container}`;
    if (this.#broken !== undefined) {
      return Promise.reject(during(operation, this.#broken));
    }
    const timeoutMs = options.timeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#break(`no answer ${ANSWER_GRACE_MS} ms after the command's own limit`, true);
      }, timeoutMs + ANSWER_GRACE_MS);
      const settled = (action: () => void) => {
        clearTimeout(timer);
        action();
      };
      this.#asked.set(id, {
        resolve: (result) => settled(() => resolve(result)),
        reject: (lost) => settled(() => reject(during(operation, lost))),
      });
      this.#channel.stdin.write(commandLine(id, argv, timeoutMs, options.stdin));
    });
  }

  #answer(line: string): void {
    const [id = '', exitCode = '', stdout = '', stderr = ''] = line.split(' ');
    const asked = this.#asked.get(Number(id));
    this.#asked.delete(Number(id));
    asked?.resolve({ exitCode: Number(exitCode), stdout: decoded(stdout), stderr: decoded(stderr) });
  }

  #break(reason: string, silent = false): void {
    this.#broken ??= new HostLostError(reason, { container: this.#container, silent });
    for (const { reject } of this.#asked.values()) reject(this.#broken);
    this.#asked.clear();
  }
}

function during(operation: string, lost: HostLostError): HostLostError {
  return new HostLostError(`${operation}: ${lost.message}`, lost, { cause: lost });
}

/** The line that runs a command and prints `ID EXITCODE BASE64 BASE64`. */
export function commandLine(
  id: number,
  argv: readonly string[],
  timeoutMs: number,
  stdin: string | undefined,
): string {
  // `$$` is the shell's own process id: several shells may be open in one host.
  const out = `/dev/shm/upfault/$$.${id}.out`;
  const err = `/dev/shm/upfault/$$.${id}.err`;
  const command = ['timeout', '-k', '1', String(timeoutMs / 1000), ...argv].map(quoted).join(' ');
  const fed =
    stdin === undefined
      ? `${command} </dev/null`
      : `printf %s ${Buffer.from(stdin).toString('base64')} | base64 -d | ${command}`;
  // Each process counts where a host has a quarter of a core: nothing is started for output that is not there.
  const encoded = (file: string) =>
    `$([ -s ${file} ] && head -c ${OUTPUT_LIMIT_BYTES} ${file} | base64 -w 0 && rm ${file})`;
  return `( ${fed} ) >${out} 2>${err}; code=$?; echo "${id} $code ${encoded(out)} ${encoded(err)}"\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
