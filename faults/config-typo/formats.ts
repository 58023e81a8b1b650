/** The formats that can be mutated. Adding one: a file, a line here, its name in the contract, a test. */
import type { ConfigurationFormat } from '../../harness/contract/scenario.ts';
import { apache } from './apache.ts';
import type { Format } from './document.ts';
import { haproxy } from './haproxy.ts';
import { ini } from './ini.ts';
import { json } from './json.ts';

/** Formats by name. */
export const formats = { apache, haproxy, ini, json } satisfies Record<ConfigurationFormat, Format>;
