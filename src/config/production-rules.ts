import type { Environment } from './environment.js';

const WELL_KNOWN =
  /^(admin|admin123|password|passw0rd|secret|changeme|change-me|change_me|default|test|123456\d*|\*+)$/i;

/** Values with which a gateway must not start in production. */
export function productionProblems(env: Environment): string[] {
  if (env.APP_ENV !== 'production') return [];
  const problems: string[] = [];
  const demand = (
    name:
      | 'JWT_SECRET'
      | 'SEED_ADMIN_PASSWORD'
      | 'AGENT_REGISTRATION_SECRET'
      | 'METRICS_TOKEN'
      | 'FLOWROUTE_CALLBACK_TOKEN'
      | 'AUTH_PASSWORD',
    length: number,
  ) => {
    const value = env[name];
    if (value === undefined) return;
    if (WELL_KNOWN.test(value) || new Set(value).size < 5)
      problems.push(`${name} is a well-known or trivial value; choose another (${advice(length)})`);
    else if (value.length < length)
      problems.push(`${name} must have ${length} characters or more in production (${advice(length)})`);
  };
  if (!env.JWT_SECRET) problems.push('JWT_SECRET is required in production (openssl rand -hex 32)');
  if (!env.SECRETS_KEY) problems.push('SECRETS_KEY is required in production (openssl rand -base64 32)');
  if (env.OPEN_SURFACES) problems.push('OPEN_SURFACES must be 0 in production: it lets anybody in');
  demand('JWT_SECRET', 32);
  demand('SEED_ADMIN_PASSWORD', 12);
  demand('AGENT_REGISTRATION_SECRET', 8);
  demand('METRICS_TOKEN', 16);
  demand('AUTH_PASSWORD', 12);
  demand('FLOWROUTE_CALLBACK_TOKEN', 16);
  return problems;
}

function advice(length: number): string {
  return `openssl rand -hex ${length}`;
}
