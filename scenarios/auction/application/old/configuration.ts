/** The old release's `/etc/auction/app.json`. */
import { z } from 'zod';
import { poolSize, port, signingKey, text } from '../shared/configuration.ts';

/** Shape of the file; no other keys. */
export const configuration = z.strictObject({
  listen: z.strictObject({ port }),
  hostName: text,
  database: z.strictObject({ host: text, port, user: text, password: text, name: text, poolSize }),
  sessionKey: signingKey,
  dataDirectory: text,
  digestLibrary: text,
  seedDevice: text,
});
