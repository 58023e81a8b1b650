import type { Fault } from '../harness/contract/fault.ts';
import { wrongSetting } from './database-settings.ts';
import { rowsListed } from './evidence.ts';
import { misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'packet-too-small';
const LIMIT = '4K';

/** A database server that takes no statement as long as the longest text that clients may store. */
export const packetTooSmall: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: ['db'],
  summary: `To save memory, the operator limits the database server’s packets, and the buffer that each begins with, to ${LIMIT}: enough for the usual statement, not for the longest text that clients may store.`,
  confirmedBy:
    'The running server’s max_allowed_packet, and its net_buffer_length, below which a packet is never refused, are shorter than the longest text.',
  edit: (context) =>
    wrongSetting(context, {
      fault: name,
      wrong: (content) =>
        content.replace(
          /^([ \t]*max[-_]allowed[-_]packet\s*=\s*)\S+/m,
          `$1${LIMIT}\nnet-buffer-length = ${LIMIT}`,
        ),
      note: `packets of at most ${LIMIT}`,
      value: '@@GLOBAL.max_allowed_packet',
      isWrong: `GREATEST(@@GLOBAL.max_allowed_packet, @@GLOBAL.net_buffer_length) < ${context.facts.longestTextCharacters}`,
    }),
  confirm: (readings) =>
    misconfiguredEvidence(readings, rowsListed('max_allowed_packet is below the longest text')),
};
