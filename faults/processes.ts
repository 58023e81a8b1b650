/** Reading from a host whether a program runs, and since when: by its executable, as the kernel knows it. */
import type { Observation } from '../harness/contract/observation.ts';

/** A program on a host, in seconds since the machine was started. */
export interface RunningProgram {
  /** When its oldest process was started; undefined where none runs. */
  readonly startedS: number | undefined;
  /** When that was read. */
  readonly readS: number;
}

/** Prints `STARTED NOW` for the oldest process of an executable, in seconds since the machine was started; `none NOW`. */
export const LOOK_FOR_PROGRAM = `
ticks=
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe")" = "$1" ] || continue
  own=$(sed 's/.*) //' "$process/stat" | cut -d ' ' -f 20)
  if [ -n "$own" ] && { [ -z "$ticks" ] || [ "$own" -lt "$ticks" ]; }; then ticks=$own; fi
done 2>/dev/null
awk -v ticks="$ticks" -v second="$(getconf CLK_TCK)" '{ if (ticks == "") print "none", $1; else printf "%.2f %s\\n", ticks / second, $1 }' /proc/uptime`;

/** Whether a program runs on a host, and since when. */
export function lookForProgram(executable: string): Observation {
  return { read: 'command', argv: ['sh', '-c', LOOK_FOR_PROGRAM, 'look', executable] };
}

/** What `lookForProgram` printed; undefined where it is nothing of the kind. */
export function programIn(output: string): RunningProgram | undefined {
  const [, started, read] = /^(none|\d+\.?\d*) (\d+\.?\d*)$/m.exec(output.trim()) ?? [];
  if (started === undefined || read === undefined) return undefined;
  return { startedS: started === 'none' ? undefined : Number(started), readS: Number(read) };
}

/** Ends every process of an executable, as at a shutdown, and waits until they are gone, for at most 5 s. */
export function endProgram(executable: string): readonly string[] {
  return ['sh', '-c', END_PROGRAM, 'end', executable];
}

const END_PROGRAM = `
running() { for process in /proc/[0-9]*; do [ "$(readlink "$process/exe")" = "$1" ] && echo "\${process#/proc/}"; done 2>/dev/null; }
kill -TERM $(running "$1") || exit 1
rounds=50
while [ "$rounds" -gt 0 ] && [ -n "$(running "$1")" ]; do sleep 0.1; rounds=$((rounds - 1)); done
[ -z "$(running "$1")" ]`;
