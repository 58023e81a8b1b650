/** The new release's `/etc/auction/app.json`. */
import { z } from 'zod';
import { poolSize, port, signingKey, text } from '../shared/configuration.ts';

/** `host:port`, as two values. */
const address = z
  .string()
  .regex(/^[^:\s]+:\d{1,5}$/, 'must be HOST:PORT')
  .transform((value) => {
    const [host = '', number = ''] = value.split(':');
    return { host, port: Number(number) };
  });

/** Shape of the file; no other keys. */
export const configuration = z.strictObject({
  server: z.strictObject({ port, name: text, debug: z.boolean() }),
  database: z.strictObject({ address, account: text, password: text, schema: text, connections: poolSize }),
  session: z.strictObject({ key: signingKey, lifetimeMinutes: z.int().min(1).max(10_080) }),
  uploads: text,
  digestLibrary: text,
  seedDevice: text,
});
