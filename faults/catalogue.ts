/** The catalogue of faults. Adding one: a file, a line here, a test. */
import type { Fault } from '../harness/contract/fault.ts';
import { accountMissing } from './account-missing.ts';
import { addressStale } from './address-stale.ts';
import { apacheLargefile } from './apache-largefile.ts';
import { apacheLib } from './apache-lib.ts';
import { apachePort } from './apache-port.ts';
import { apacheSatisfy } from './apache-satisfy.ts';
import { appBeforeSchema } from './app-before-schema.ts';
import { appPort } from './app-port.ts';
import { backupRestored } from './backup-restored.ts';
import { balanceSkewed } from './balance-skewed.ts';
import { bufferCold } from './buffer-cold.ts';
import { cacheStale } from './cache-stale.ts';
import { certificateOld } from './certificate-old.ts';
import { checkOmitted } from './check-omitted.ts';
import { collationChanged } from './collation-changed.ts';
import { comparisonOmitted } from './comparison-omitted.ts';
import { configAfterStart } from './config-after-start.ts';
import { configNochange } from './config-nochange.ts';
import { configSamename } from './config-samename.ts';
import { configStaticpath } from './config-staticpath.ts';
import { configTypo } from './config-typo/config-typo.ts';
import { contractEarly } from './contract-early.ts';
import { conversionLossy } from './conversion-lossy.ts';
import { conversionPartial } from './conversion-partial.ts';
import { dbSchema } from './db-schema.ts';
import { dbShutdown } from './db-shutdown.ts';
import { dbWrongHost } from './db-wrong-host.ts';
import { debugOn } from './debug-on.ts';
import { diskFull } from './disk-full.ts';
import { diskSlow } from './disk-slow.ts';
import { dnsCached } from './dns-cached.ts';
import { drainOmitted } from './drain-omitted.ts';
import { egressLate } from './egress-late.ts';
import { enableBeforeCheck } from './enable-before-check.ts';
import { enableOmitted } from './enable-omitted.ts';
import { entropyBlocked } from './entropy-blocked.ts';
import { filesExposed } from './files-exposed.ts';
import { filesUnreadable } from './files-unreadable.ts';
import { firewallLeft } from './firewall-left.ts';
import { foreignKeyDropped } from './foreign-key-dropped.ts';
import { grantsAfterStart } from './grants-after-start.ts';
import { grantsExcessive } from './grants-excessive.ts';
import { indexMissing } from './index-missing.ts';
import { ingressBypassed } from './ingress-bypassed.ts';
import { ingressCrashed } from './ingress-crashed.ts';
import { maxConnectionsLow } from './max-connections-low.ts';
import { migrationOmitted } from './migration-omitted.ts';
import { moduleDefective } from './module-defective.ts';
import { nodeAddonAbi } from './node-addon-abi.ts';
import { oldConfigOnOne } from './old-config-on-one.ts';
import { packetTooSmall } from './packet-too-small.ts';
import { pathMissing } from './path-missing.ts';
import { protocolMismatch } from './protocol-mismatch.ts';
import { quiescenceOmitted } from './quiescence-omitted.ts';
import { replicaNotReplaced } from './replica-not-replaced.ts';
import { restartAll } from './restart-all.ts';
import { serverIdSame } from './server-id-same.ts';
import { sessionSecretDiffers } from './session-secret-differs.ts';
import { sharedDiskFull } from './shared-disk-full.ts';
import { sqlModeLax } from './sql-mode-lax.ts';
import { startOmitted } from './start-omitted.ts';
import { switchBeforeDrain } from './switch-before-drain.ts';
import { timeoutInversion } from './timeout-inversion.ts';
import { urlDenied } from './url-denied.ts';
import { urlUnavailable } from './url-unavailable.ts';
import { volumeUnavailable } from './volume-unavailable.ts';
import { workersTooFew } from './workers-too-few.ts';
import { wrongApache } from './wrong-apache.ts';
import { wrongPrivileges } from './wrong-privileges.ts';
import { wrongShutdown } from './wrong-shutdown.ts';
import { wrongUniverse } from './wrong-universe.ts';

/** Faults by name, in the order of their types. */
export const faults = {
  'config-nochange': configNochange,
  'config-staticpath': configStaticpath,
  'config-typo': configTypo,
  'wrong-apache': wrongApache,
  'start-omitted': startOmitted,
  'drain-omitted': drainOmitted,
  'enable-omitted': enableOmitted,
  'check-omitted': checkOmitted,
  'config-after-start': configAfterStart,
  'enable-before-check': enableBeforeCheck,
  'wrong-shutdown': wrongShutdown,
  'restart-all': restartAll,
  'app-before-schema': appBeforeSchema,
  'contract-early': contractEarly,
  'backup-restored': backupRestored,
  'old-config-on-one': oldConfigOnOne,
  'egress-late': egressLate,
  'quiescence-omitted': quiescenceOmitted,
  'comparison-omitted': comparisonOmitted,
  'switch-before-drain': switchBeforeDrain,
  'wrong-universe': wrongUniverse,
  'ingress-bypassed': ingressBypassed,
  'ingress-crashed': ingressCrashed,
  'shared-disk-full': sharedDiskFull,
  'config-samename': configSamename,
  'server-id-same': serverIdSame,
  'apache-satisfy': apacheSatisfy,
  'url-denied': urlDenied,
  'url-unavailable': urlUnavailable,
  'apache-largefile': apacheLargefile,
  'max-connections-low': maxConnectionsLow,
  'packet-too-small': packetTooSmall,
  'workers-too-few': workersTooFew,
  'timeout-inversion': timeoutInversion,
  'sql-mode-lax': sqlModeLax,
  'session-secret-differs': sessionSecretDiffers,
  'balance-skewed': balanceSkewed,
  'cache-stale': cacheStale,
  'debug-on': debugOn,
  'apache-port': apachePort,
  'apache-lib': apacheLib,
  'module-defective': moduleDefective,
  'node-addon-abi': nodeAddonAbi,
  'app-port': appPort,
  'disk-full': diskFull,
  'disk-slow': diskSlow,
  'entropy-blocked': entropyBlocked,
  'address-stale': addressStale,
  'dns-cached': dnsCached,
  'certificate-old': certificateOld,
  'buffer-cold': bufferCold,
  'protocol-mismatch': protocolMismatch,
  'path-missing': pathMissing,
  'files-unreadable': filesUnreadable,
  'files-exposed': filesExposed,
  'volume-unavailable': volumeUnavailable,
  'replica-not-replaced': replicaNotReplaced,
  'firewall-left': firewallLeft,
  'wrong-privileges': wrongPrivileges,
  'index-missing': indexMissing,
  'grants-excessive': grantsExcessive,
  'account-missing': accountMissing,
  'db-schema': dbSchema,
  'migration-omitted': migrationOmitted,
  'conversion-partial': conversionPartial,
  'conversion-lossy': conversionLossy,
  'collation-changed': collationChanged,
  'foreign-key-dropped': foreignKeyDropped,
  'db-wrong-host': dbWrongHost,
  'grants-after-start': grantsAfterStart,
  'db-shutdown': dbShutdown,
} satisfies Record<string, Fault>;

export { unaddressable } from './addressed/addressable.ts';
export { ADDRESSED_FORMS, addressedFault, addressedSteps, EVERY_STEP } from './addressed/addressed.ts';
