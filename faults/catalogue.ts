/** The catalogue of faults. Adding one: a file, a line here, a test. */
import type { Fault } from '../harness/contract/fault.ts';
import { apacheLib } from './apache-lib.ts';
import { apachePort } from './apache-port.ts';
import { apacheSatisfy } from './apache-satisfy.ts';
import { comparisonOmitted } from './comparison-omitted.ts';
import { configNochange } from './config-nochange.ts';
import { configStaticpath } from './config-staticpath.ts';
import { configTypo } from './config-typo/config-typo.ts';
import { egressLate } from './egress-late.ts';
import { enableOmitted } from './enable-omitted.ts';
import { indexMissing } from './index-missing.ts';
import { quiescenceOmitted } from './quiescence-omitted.ts';
import { switchBeforeDrain } from './switch-before-drain.ts';
import { wrongPrivileges } from './wrong-privileges.ts';
import { wrongUniverse } from './wrong-universe.ts';

/** Faults by name, in the order of their types. */
export const faults = {
  'config-nochange': configNochange,
  'config-staticpath': configStaticpath,
  'config-typo': configTypo,
  'enable-omitted': enableOmitted,
  'egress-late': egressLate,
  'quiescence-omitted': quiescenceOmitted,
  'comparison-omitted': comparisonOmitted,
  'switch-before-drain': switchBeforeDrain,
  'wrong-universe': wrongUniverse,
  'apache-satisfy': apacheSatisfy,
  'apache-port': apachePort,
  'apache-lib': apacheLib,
  'wrong-privileges': wrongPrivileges,
  'index-missing': indexMissing,
} satisfies Record<string, Fault>;
