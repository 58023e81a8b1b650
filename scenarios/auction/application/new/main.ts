/** The auction's new release, for Node.js 20. */
import { isCheck, readConfiguration, requireDirectory, startOrExplain } from '../shared/configuration.ts';
import { digestFrom } from '../shared/digest.ts';
import { connections } from '../shared/pool.ts';
import { serve } from '../shared/serve.ts';
import { tokensFrom } from '../shared/session.ts';
import { sessionStore } from '../shared/session-store.ts';
import { newCatalogue } from './catalogue.ts';
import { configuration } from './configuration.ts';
import { newTrade } from './trade.ts';

startOrExplain(() => {
  const { server, database, session, uploads, digestLibrary, seedDevice } = readConfiguration(
    process.argv[2],
    configuration,
  );
  requireDirectory('uploads', uploads);
  if (isCheck(process.argv)) return;
  const pool = connections({
    ...database.address,
    user: database.account,
    password: database.password,
    database: database.schema,
    connections: database.connections,
  });
  serve({
    release: 'new',
    hostName: server.name,
    port: server.port,
    debug: server.debug,
    sessionKey: session.key,
    digest: digestFrom(digestLibrary),
    newToken: tokensFrom(seedDevice),
    store: {
      ...newCatalogue(pool),
      ...newTrade(pool),
      ...sessionStore(pool, session.lifetimeMinutes),
      close: pool.close,
    },
  });
});
