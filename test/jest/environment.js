import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import vm from 'node:vm';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

// Jest gives the modules of each file a context of their own, whose Date, Error and Array are others than those of Node and of the
// packages that Node has loaded. Without that context they run in the worker's own, as in production.
for (const name of ['SourceTextModule', 'SyntheticModule']) {
  vm[name] = class extends vm[name] {
    constructor(...given) {
      delete given.at(-1).context;
      super(...given);
    }
  };
}
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, { parsingContext: _, ...options }) =>
  compileFunction(code, parameters, options);

/** For native-package.js. */
globalThis.nativeRequire = createRequire(import.meta.url);

const { exit, getBuiltinModule } = process;
const ownSymbols = new Set(Object.getOwnPropertySymbols(globalThis));
/** How long what a file has closed may take to be gone. */
const CLOSING_MILLIS = 2000;

/** One file's turn in the worker. A file that leaves something open fails. */
export default class WorkerEnvironment extends NodeEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    const Mocker = this.moduleMocker.constructor;
    this.moduleMocker = new Mocker(globalThis);
    const FakeTimers = this.fakeTimersModern.constructor;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: globalThis });
  }

  async setup() {
    await super.setup();
    this.openBefore = openNow();
    this.listenersBefore = process.rawListeners('exit');
  }

  async handleTestEvent({ name }, { unhandledErrors }) {
    if (name !== 'run_finish') return;
    const end = Date.now() + CLOSING_MILLIS;
    while (this.leftOpen().length > 0 && Date.now() < end) await sleep(10);
    if (this.leftOpen().length > 0) unhandledErrors.push(new Error(`left open: ${this.leftOpen().join(', ')}`));
  }

  async teardown() {
    await super.teardown();
    // What Jest and the file leave in the worker: handlers, a timeout, and with them all that the file has loaded.
    Object.assign(process, { exit, getBuiltinModule });
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (!ownSymbols.has(symbol)) Reflect.deleteProperty(globalThis, symbol);
    for (const listener of process.rawListeners('exit'))
      if (!this.listenersBefore.includes(listener)) process.off('exit', listener);
  }

  leftOpen() {
    const before = [...this.openBefore];
    return openNow().filter((kind) => {
      const place = before.indexOf(kind);
      if (place >= 0) before.splice(place, 1);
      return place < 0;
    });
  }
}

/** Threads, servers, processes, timers and what else keeps Node running, but for streams: fetch keeps its sockets as long as it likes. */
function openNow() {
  const streams = ['TCPSocketWrap', 'PipeWrap', 'TTYWrap'];
  return process.getActiveResourcesInfo().filter((kind) => !streams.includes(kind));
}
