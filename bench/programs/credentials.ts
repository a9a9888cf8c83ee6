import bcrypt from 'bcrypt';
import { createGateway } from '../../src/app.setup.js';
import { AgentDirectory } from '../../src/agents/agent-directory.js';
import { ApiKeysService } from '../../src/api-keys/api-keys.service.js';
import { PrincipalSource } from '../../src/auth/principal-source.js';
import { loadConfig } from '../../src/config/load-config.js';
import { answer } from './answer.js';

/** `node credentials.js <folder>`: checks keys and tokens in a loop inside the gateway's process, and counts calls of bcrypt. */
let bcryptCalls = 0;
for (const name of ['compare', 'compareSync', 'hash', 'hashSync'] as const) {
  const original = bcrypt[name] as (...args: unknown[]) => unknown;
  Object.assign(bcrypt, { [name]: (...args: unknown[]) => (bcryptCalls++, original(...args)) });
}

const config = loadConfig({ DATA_DIR: process.argv[2], LOG_LEVEL: 'fatal', SEED_ADMIN: '0' });
const { app } = await createGateway(config);
const keys = app.get(ApiKeysService);
const agents = app.get(AgentDirectory);
const authenticators = app.get(PrincipalSource);

interface Credential {
  key: string;
  token: string;
}

/** One second is less than the time for which a look-up is cached. */
const CALLS = 100_000;

async function microsEach(check: () => Promise<unknown>): Promise<number> {
  if (!(await check())) throw new Error('the credential is not known');
  const begun = process.cpuUsage();
  for (let i = 0; i < CALLS; i++) await check();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / CALLS;
}

answer({
  key: ({ key }: Credential) => microsEach(() => keys.bySecret(key)),
  token: ({ token }: Credential) => microsEach(() => agents.byToken(token)),
  wholeKey: ({ key }: Credential) =>
    microsEach(() => authenticators.authenticate({ headers: { 'x-api-key': key } } as never)),
  wholeToken: ({ token }: Credential) =>
    microsEach(() => authenticators.authenticate({ headers: { authorization: `Bearer ${token}` } } as never)),
  bcryptCalls: () => bcryptCalls,
  /** Checks that the counter works. */
  bcryptOnce: () => bcrypt.compare('nobody', '$2b$04$CwTycUXWue0Thq9StjUM0uJ8.PnZ4SZ0Xy4G8dUX0vCqKp5bEYJ4e'),
});
