/**
 * How to see a fault by hand: a session to copy and paste, made from the fault's own observations. The trial is run
 * and its system kept; then each observation is made again, or its reading is shown where nobody could make it again.
 */
import { plainName } from '../../results/layout.ts';
import type { PreparedTrial } from '../campaign/prepare.ts';
import type { ObserveStep, Step } from '../contract/step.ts';
import { commandOf } from '../upgrader/observe.ts';

/** The lines of the session. `options` are those of the run beyond approach and fault. */
export function sessionOf({ plan, trial, planted }: PreparedTrial, options: readonly string[]): string[] {
  const folder = `results/by-hand-${trial.trialId}`;
  const ofFault = (steps: readonly Step[]) =>
    steps.flatMap((step) =>
      step.kind === 'observe' && planted.some(({ name }) => name === step.fault) ? [step] : [],
    );
  const before = (step: Step) =>
    plan.upgrade.slice(0, plan.upgrade.indexOf(step)).findLast(({ kind }) => kind !== 'observe')?.id;
  return [
    '# run the trial, and keep its system as the upgrade left it',
    [
      `./upfault run --approach ${trial.approach} --fault ${trial.fault}`,
      ...options,
      `--controls 0 --provocations none --keep --out ${folder}`,
    ].join(' '),
    `record=${folder}/trials/${trial.trialId}`,
    '# the container of a host in a universe, such as old-web1, and its address',
    `host() { docker ps -a --filter label=upfault.trial=${trial.trialId} --format '{{.Names}}' | grep -e "-$1\\$"; }`,
    `address() { docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(host "$1")"; }`,
    ...ofFault(plan.upgrade).flatMap((step) => [
      `# ${step.title}: as it was right after ${before(step) ?? 'the beginning'}`,
      shown(step),
      ...again(step).flatMap((command) => ['# and as it is now', command]),
    ]),
    ...ofFault(plan.observeAtEnd).flatMap((step) => [
      `# ${step.title}: at the end of the upgrade`,
      ...(again(step).length === 0 ? [shown(step)] : again(step)),
    ]),
    '# when the edited steps were reached, and what became of them',
    ...plan.edited.map((id) => `grep '"stepId":"${id}"' "$record/events.jsonl"`),
    '# the whole timeline, and the end of the system',
    'less "$record/events.jsonl"',
    './upfault clean',
  ];
}

/** The observation as a command; none where only the upgrade itself can make it. */
function again({ observation, universe, host }: ObserveStep): string[] {
  if (observation.read === 'imago') return [];
  const { argv, stdin } = commandOf(observation);
  // Secrets of a trial are written nowhere.
  if (/@@(secret|pem):/.test([...argv, stdin ?? ''].join(' '))) return [];
  const words = argv.map((word) => quoted(word, universe)).join(' ');
  const exec = `docker exec ${stdin === undefined ? '' : '-i '}"$(host ${universe}-${host})" ${words}`;
  return [stdin === undefined ? exec : `${exec} <<'SQL'\n${stdin.trimEnd()}\nSQL`];
}

/** What was read in the trial. */
function shown({ id }: ObserveStep): string {
  return `cat "$record/evidence/${plainName(id)}.txt"`;
}

/** A word for a shell; addresses are looked up. */
function quoted(word: string, universe: string): string {
  if (/^[\w./:=%+,-]+$/.test(word)) return word;
  const plain = `'${word.replaceAll("'", "'\\''")}'`;
  return plain.replaceAll(
    /@@address:([\w.-]+)@@/g,
    (_, name: string) => `'"$(address ${universe}-${name})"'`,
  );
}
