import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { StoreWatcher } from '../database/timed-store.js';
import { Counters, Histograms } from './series.js';

/** Metrics of the process: event loop, memory, garbage collection. Several gateways in one process share them. */
const ofProcess = new Registry();
collectDefaultMetrics({ register: ofProcess });

const FAST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const HTTP = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAITS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 43_200];

/** What one gateway counts and times. Created before the application, because the store and the HTTP server report to it. */
export class Metrics {
  readonly registry = new Registry();
  readonly moved = new Counters(
    'trunkline_messages_total',
    'Messages that reached a status since the start, by kind of route and tenant.',
    ['status', 'route', 'tenant'],
  );
  readonly told = new Counters(
    'trunkline_deliveries_total',
    'Late reports about messages whose status could not change any more, by kind of route and tenant.',
    ['outcome', 'route', 'tenant'],
  );
  readonly leased = new Histograms(
    'trunkline_lease_wait_seconds',
    'Time from when a message was due until its first lease.',
    ['route'],
    WAITS,
  );
  private readonly http = new Histograms(
    'trunkline_http_request_seconds',
    'Time until the answer was written, by route pattern; includes the wait of long-polls.',
    ['method', 'route', 'status'],
    HTTP,
  );
  private readonly store: Histograms;
  private readonly storeErrors: Counters;

  constructor() {
    this.store = new Histograms('trunkline_store_seconds', 'Duration of store operations.', ['operation'], FAST);
    this.storeErrors = new Counters('trunkline_store_errors_total', 'Store operations that failed.', ['operation']);
    for (const one of [this.moved, this.told, this.leased, this.http, this.store, this.storeErrors])
      this.registry.registerMetric(one.asMetric);
  }

  readonly watchStore: StoreWatcher = (operation, seconds, failed) => {
    this.store.of(operation).observe(seconds);
    if (failed) this.storeErrors.of(operation).count++;
  };

  watchHttp(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const { method, routeOptions } = request;
      const statusClass = `${Math.floor(reply.statusCode / 100)}xx`;
      this.http.of(method, routeOptions.url ?? '(none)', statusClass).observe(reply.elapsedTime / 1000);
      done();
    });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    return (await Promise.all([this.registry.metrics(), ofProcess.metrics()])).join('\n');
  }
}
