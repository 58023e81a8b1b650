/** The catalogue of faults. Adding one: a file, a line here, a test. */
import type { Fault } from '../harness/contract/fault.ts';
import { apacheLib } from './apache-lib.ts';
import { apachePort } from './apache-port.ts';
import { apacheSatisfy } from './apache-satisfy.ts';
import { configNochange } from './config-nochange.ts';
import { configStaticpath } from './config-staticpath.ts';
import { enableOmitted } from './enable-omitted.ts';
import { indexMissing } from './index-missing.ts';
import { wrongPrivileges } from './wrong-privileges.ts';

/** Faults by name, in the order of their types. */
export const faults = {
  'config-nochange': configNochange,
  'config-staticpath': configStaticpath,
  'enable-omitted': enableOmitted,
  'apache-satisfy': apacheSatisfy,
  'apache-port': apachePort,
  'apache-lib': apacheLib,
  'wrong-privileges': wrongPrivileges,
  'index-missing': indexMissing,
} satisfies Record<string, Fault>;
