import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { useApiDocs } from './common/http/api-docs.js';
import { Admission } from './auth/admission.js';
import { BodyWatch } from './common/http/body-watch.js';
import { guardOperatorRoutes, whereToLook } from './common/http/operator-routes.js';
import { ErrorFilter } from './common/http/error.filter.js';
import { createHttpAdapter, logAnswers } from './common/http/http-adapter.js';
import { KnownRoutes } from './common/http/known-routes.js';
import { createLogger, NestLog, withoutRedaction } from './common/http/logger.js';
import { useParsedBodies } from './common/http/parsed-bodies.js';
import { useRouteBodies } from './common/http/route-bodies.js';
import { refuseOtherEncodings } from './common/http/query-encoding.js';
import { refuseOtherSites } from './common/http/cross-site.js';
import { useSafeHeaders } from './common/http/safe-headers.js';
import { closeSpareConnections } from './common/http/spare-connections.js';
import { answerOnlyOperators } from './common/http/worker-role.js';
import { useUploads } from './common/http/upload-routes.js';
import { Clock } from './common/clock.js';
import type { Config } from './config/load-config.js';
import { withFault } from './database/faulty-store.js';
import { inWords } from './database/failure-in-words.js';
import { prepareStore } from './database/migrations.js';
import { openStore } from './database/open-store.js';
import type { Store } from './database/collection.js';
import { requireSameSecretsKey } from './database/secrets-key.js';
import { withSecretsOf } from './database/shared-secrets.js';
import { limitedStore } from './database/limited-store.js';
import { timedStore } from './database/timed-store.js';
import { Metrics } from './metrics/metrics.js';

export interface Gateway {
  app: NestFastifyApplication;
  store: Store;
  /** Finishes what runs, answers waiting phones, then closes the store. */
  stop(): Promise<void>;
}

/** The whole gateway, ready to listen: the same for `main.ts`, the commands and the tests. */
export async function createGateway(given: Config, clock: Clock = new Clock()): Promise<Gateway> {
  const logger = createLogger(given);
  const place = { mongoUri: given.MONGO_URI, mongoDb: given.MONGO_DB, dataDir: given.DATA_DIR };
  const store = await openStore(place);
  try {
    const config = await inWords(place, async () => {
      await prepareStore(store);
      const config = await withSecretsOf(store, given);
      await requireSameSecretsKey(store, config.secretsKeys);
      return config;
    });
    const app = await createApp(config, clock, store, logger);
    let stopped: Promise<void> | undefined;
    return { app, store, stop: () => (stopped ??= app.close().then(() => store.close())) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function createApp(
  config: Config,
  clock: Clock,
  store: Store,
  logger: ReturnType<typeof createLogger>,
): Promise<NestFastifyApplication> {
  const adapter = createHttpAdapter(config, logger);
  const fastify = adapter.getInstance();
  const routes = new KnownRoutes(fastify);
  useRouteBodies(fastify);
  const metrics = new Metrics();
  metrics.watchHttp(fastify);
  logAnswers(fastify, withoutRedaction(logger, config));
  closeSpareConnections(fastify);
  useSafeHeaders(fastify);
  refuseOtherSites(fastify, config.publicUrl);
  refuseOtherEncodings(fastify);
  await useUploads(fastify);
  answerOnlyOperators(fastify, config);
  guardOperatorRoutes(fastify, config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(
      config,
      clock,
      timedStore(withFault(limitedStore(store), config.FAULT), metrics.watchStore),
      metrics,
    ),
    adapter,
    {
      logger: new NestLog(logger),
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.get(Admission).refuseEarly(fastify);
  app.get(BodyWatch).watch(fastify);
  useParsedBodies(fastify);
  app.useGlobalFilters(new ErrorFilter(routes, whereToLook(config)));
  useApiDocs(app, config.publicUrl);
  await app.init();
  await fastify.ready();
  return app;
}
