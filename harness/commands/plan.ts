/** `upfault plan`: the steps of an upgrade, with the fault's edit marked, before anything runs. */
import type { CommandModule } from 'yargs';
import { withAddressed } from '../campaign/addressed.ts';
import { prepareTrial } from '../campaign/prepare.ts';
import { selectFaults } from '../campaign/selection.ts';
import { UsageError } from '../errors.ts';
import { renderPlan } from '../plan/plan.ts';
import { planText } from '../plan/rows.ts';
import { requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface PlanArguments extends TrialOptions {
  readonly approach: string;
  readonly fault: string;
  readonly json: boolean;
}

/** The command. Exit code 2 where the fault does not apply to the approach. */
export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan',
  describe: 'Print the plan of one trial; nothing is run',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .option('approach', { type: 'string', default: 'rolling', describe: 'Way of upgrading' })
      .option('fault', { type: 'string', default: 'none', describe: 'Fault to plant; a+b composes' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print the plan as it is stored',
      }) as never,
  handler: (options) => {
    const { seed, approach } = options;
    const names = selectFaults('plan', [options.fault]);
    if (names.length > 1)
      throw new UsageError(
        `plan: --fault ${options.fault} names ${names.length} faults; name one, or a composition a+b`,
      );
    const request = requestOf(options, {
      approaches: [approach],
      faults: names,
      reps: 1,
      controls: 0,
      port: 0,
    });
    const [fault = 'none', ...others] = withAddressed('plan', request).faults;
    if (others.length > 0)
      throw new UsageError(`plan: --fault ${options.fault} names ${others.length + 1} faults; name one step`);
    const trial = {
      trialId: 'plan',
      approach: request.approaches[0] ?? 'rolling',
      fault,
      seed,
    };
    const { plan } = prepareTrial(request, trial);
    if (!plan.applicability.applies) throw new UsageError(`plan: ${plan.applicability.reason}`);
    process.stdout.write(options.json ? renderPlan(plan) : planText(plan.upgrade));
  },
};
