/** The auction's old release, for Node.js 18. */
import { isCheck, readConfiguration, requireDirectory, startOrExplain } from '../shared/configuration.ts';
import { digestFrom } from '../shared/digest.ts';
import { connections } from '../shared/pool.ts';
import { serve } from '../shared/serve.ts';
import { tokensFrom } from '../shared/session.ts';
import { sessionStore } from '../shared/session-store.ts';
import { oldCatalogue } from './catalogue.ts';
import { configuration } from './configuration.ts';
import { oldTrade } from './trade.ts';

const SESSION_MINUTES = 60;

startOrExplain(() => {
  const { listen, hostName, database, sessionKey, dataDirectory, digestLibrary, seedDevice } =
    readConfiguration(process.argv[2], configuration);
  requireDirectory('dataDirectory', dataDirectory);
  if (isCheck(process.argv)) return;
  const { host, port, user, password, name, poolSize } = database;
  const pool = connections({ host, port, user, password, database: name, connections: poolSize });
  serve({
    release: 'old',
    hostName,
    port: listen.port,
    sessionKey,
    digest: digestFrom(digestLibrary),
    newToken: tokensFrom(seedDevice),
    store: {
      ...oldCatalogue(pool),
      ...oldTrade(pool),
      ...sessionStore(pool, SESSION_MINUTES),
      close: pool.close,
    },
  });
});
