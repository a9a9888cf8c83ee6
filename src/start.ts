import { createGateway } from './app.setup.js';
import { compileParsers } from './common/schema.js';
import { outliveReaders } from './common/outlive-readers.js';
import { checkPort } from './common/port-check.js';
import { exitWith } from './common/start-failure.js';
import { loadConfig } from './config/load-config.js';
import { readEnvironment } from './config/read-environment.js';
import { ControlServer } from './control/control-server.js';
import { FirstAdmin } from './users/first-admin.js';

/** The production start. */
async function main(): Promise<void> {
  outliveReaders();
  const config = loadConfig(readEnvironment());
  const gateway = await createGateway(config);
  const stop = (): void => void gateway.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A start that fails for its port must not make an administrator whose password is shown only now; and a gateway that listens has one.
  await checkPort(config.PORT, config.HOST);
  const seeded = await gateway.app.get(FirstAdmin).seedWhenEmpty();
  // Before anything else can go wrong: nobody would learn it afterwards.
  if (seeded?.generatedPassword) {
    say(`First start. Log in as ${seeded.username} with the password ${seeded.generatedPassword}`);
    say('  It is shown only once; change it with POST /auth/password.');
  }
  await gateway.app.listen(config.PORT, config.HOST);
  await gateway.app.get(ControlServer).listen();
  const url = await gateway.app.getUrl();
  say(`Trunkline listens on ${url} (${gateway.store.kind === 'mongo' ? 'MongoDB' : `data in ${config.DATA_DIR}`})`);
  if (config.ROLE === 'worker') say('  It does background work and answers only /health and /metrics (ROLE=worker).');
  else if (config.isClosedToOperators)
    say('  The pages of the API are closed in production; METRICS_TOKEN or METRICS_ALLOW opens them and /metrics.');
  else say(`  API: ${url}/schema/swagger-ui`);
  if (config.HOST === '127.0.0.1')
    say('  Only this machine can reach it. For phones and other machines set HOST=0.0.0.0.');
  await compileParsers();
}

/** For people, beside the log lines. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch(exitWith);
