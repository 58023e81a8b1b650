/** `upfault explain FAULT`: what the operator does wrong, what it breaks, and where in the plan. */
import type { CommandModule } from 'yargs';
import { withAddressed } from '../campaign/addressed.ts';
import { faultsNamed, prepareTrial } from '../campaign/prepare.ts';
import type { Provenance } from '../contract/fault.ts';
import { planText } from '../plan/rows.ts';
import { requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface ExplainArguments extends TrialOptions {
  readonly fault: string;
  readonly approach: string;
}

const TYPES = [
  'no fault: the control',
  'simple configuration or procedural error',
  'semantic configuration error',
  'broken environmental dependency',
  'data-access error',
] as const;

const PROVENANCE: Readonly<Record<Provenance, string>> = {
  slides:
    'the hidden dependency stands on the slides of Dumitraş and Narasimhan, "Why Do Upgrades Fail and What Can We Do About It?"',
  'slides+paper-unverified':
    'the hidden dependency stands on the slides of Dumitraş and Narasimhan; a fault of this name is remembered from the paper’s evaluation, its details are unverified',
  upfault: 'upfault’s own',
};

/** The command. */
export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain <fault>',
  describe: 'Explain a fault: its hidden dependency, its edit of the plan, how it is confirmed',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .positional('fault', { type: 'string', demandOption: true, describe: 'Name of the fault' })
      .option('approach', {
        type: 'string',
        default: 'rolling',
        describe: 'Way of upgrading whose plan is shown',
      }) as never,
  handler: (options) => {
    const { fault: name, approach, seed } = options;
    const request = requestOf(options, {
      approaches: [approach],
      faults: [name],
      reps: 1,
      controls: 0,
      port: 0,
    });
    withAddressed('explain', request);
    const { plan, planted } = prepareTrial(request, {
      trialId: 'explain',
      approach: request.approaches[0] ?? 'rolling',
      fault: name,
      seed,
    });
    for (const fault of planted.length === 0 ? faultsNamed('explain', name) : planted) {
      process.stdout.write(
        [
          `${fault.name}`,
          `  type        ${fault.type}: ${TYPES[fault.type]}`,
          `  violation   ${fault.violation}`,
          `  dependency  ${fault.dependency}`,
          `  provenance  ${PROVENANCE[fault.provenance]}`,
          `  tiers       ${fault.tiers.join(', ') || 'none: a step of the procedure’s own machines'}`,
          '',
          wrapped(fault.summary),
          '',
          wrapped(`Confirmed when: ${fault.confirmedBy}`),
          '',
        ].join('\n'),
      );
    }
    const text = plan.applicability.applies
      ? `\nThe plan of a ${approach} upgrade with it (> marks what the fault touched):\n\n${planText(plan.upgrade)}`
      : `\nUnder ${approach} it does not apply: ${plan.applicability.reason}\n`;
    process.stdout.write(text);
  },
};

function wrapped(text: string): string {
  return text.replaceAll(/(.{1,98})(?:\s+|$)/g, '  $1\n').trimEnd();
}
