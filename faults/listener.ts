/** Another program that holds a server's port: how it is started, and how its owner is read. */
import type { Judge } from './evidence.ts';
import { firstLine } from './evidence.ts';

/** A small server in Perl, which every Debian has: accepts connections and says nothing. */
export function listenerScript(port: number): string {
  const program = `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => ${port}, Listen => 128, ReuseAddr => 1) or die $!; while (my $c = $s->accept) { sleep 1; close $c }`;
  return `setsid perl -e '${program}' >/dev/null 2>&1 </dev/null & sleep 0.3; ss -Htln 'sport = :${port}' | grep -q .`;
}

/** Prints the program that listens on a port, unless its executable is the one that should. */
export function strangerOn(port: number, executable: string): readonly string[] {
  const script =
    'owners=$(ss -Htlnp "sport = :$1") || exit 2; for pid in $(echo "$owners" | grep -o "pid=[0-9]*" | cut -d= -f2); do exe=$(readlink "/proc/$pid/exe") || exit 2; [ "$exe" = "$2" ] || { echo "$exe"; exit 0; }; done; exit 1';
  return ['sh', '-c', script, 'owner', String(port), executable];
}

/** Judges what `strangerOn` printed. */
export const heldByStranger: Judge = ({ exitCode, stdout, stderr }) => {
  if (exitCode === 0) return { says: 'in-effect', words: `the port belongs to ${firstLine(stdout)}` };
  if (exitCode === 1 && stderr === '') return { says: 'nothing' };
  return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
};
