/** What observations of faults of the procedure give on a system that has the fault, and on one that has not. */
import type { faults } from '../../faults/catalogue.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { ApproachName } from '../../harness/contract/plan.ts';
import type { ObserveStep } from '../../harness/contract/step.ts';

type ResultOf = (step: ObserveStep) => Reading['result'];

/** One fault with simulated readings. */
export interface SimulatedFault {
  readonly name: keyof typeof faults;
  /** The composition that it is planted in, where it is nothing alone. */
  readonly planted?: string;
  /** Where it applies. */
  readonly approaches: readonly ApproachName[];
  readonly present: ResultOf;
  readonly absent: ResultOf;
}

const gives =
  (exitCode: number, stdout = ''): ResultOf =>
  () => ({ taken: true, exitCode, stdout, stderr: '' });
const BOTH: readonly ApproachName[] = ['rolling', 'imago'];
const RUNS = '480.00 500.10\n';
const RUNS_NOT = 'none 500.10\n';

/** Every fault of the procedure that has no simulated readings of its own elsewhere. */
export const PROCEDURAL_FAULTS: readonly SimulatedFault[] = [
  {
    ...{ name: 'wrong-apache', approaches: BOTH, absent: gives(1) },
    present: gives(0, 'Server version: Apache/2.4.62 (Debian) of bookworm with OpenSSL 3.0.17\n'),
  },
  { name: 'start-omitted', approaches: BOTH, present: gives(0, RUNS_NOT), absent: gives(0, RUNS) },
  {
    ...{ name: 'drain-omitted', approaches: ['rolling'] },
    ...{ present: gives(0, 'ready\n'), absent: gives(0, 'drain\n') },
  },
  // For these two the timeline decides: the same is read either way.
  {
    ...{ name: 'check-omitted', planted: 'check-omitted+start-omitted', approaches: BOTH },
    ...{ present: gives(22), absent: gives(22) },
  },
  {
    ...{ name: 'enable-omitted', approaches: ['rolling'] },
    ...{ present: gives(0, 'drain\n'), absent: gives(0, 'ready\n') },
  },
  {
    ...{ name: 'enable-before-check', approaches: ['rolling'] },
    ...{ present: gives(0, 'ready\n'), absent: gives(0, 'ready\n') },
  },
  {
    ...{ name: 'config-after-start', approaches: BOTH },
    ...{
      present: gives(0, '480.00 500.00\n10.00 30.00\n'),
      absent: gives(0, '490.00 500.00\n12.00 30.00\n'),
    },
  },
  { name: 'wrong-shutdown', approaches: BOTH, present: gives(0, RUNS_NOT), absent: gives(0, RUNS) },
  {
    ...{ name: 'restart-all', approaches: BOTH, absent: gives(0, RUNS) },
    present: (step) => gives(0, step.id.includes('/after-') ? '495.00 500.10\n' : RUNS)(step),
  },
  {
    ...{ name: 'app-before-schema', approaches: BOTH, absent: gives(0, '') },
    present: gives(0, 'missing\nitems.buy_now_cents BIGINT\n'),
  },
  {
    ...{ name: 'contract-early', approaches: ['rolling'] },
    present: gives(0, 'gone\nitems.initial_price\n'),
    // In the end the old shape is gone by right.
    absent: (step) => gives(0, step.id.includes('/end/') ? 'gone\nitems.initial_price\n' : '')(step),
  },
  {
    ...{ name: 'backup-restored', approaches: BOTH, absent: gives(1) },
    present: gives(0, '10660 rows of the backup, 10660 rows in the live table\n'),
  },
  {
    ...{ name: 'old-config-on-one', approaches: BOTH, absent: gives(0, 'cccccccccccc new\n') },
    present: (step) => gives(0, step.host === 'web2' ? 'aaaaaaaaaaaa old\n' : 'cccccccccccc new\n')(step),
  },
];
