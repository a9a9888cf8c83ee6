import type { Environment } from './environment.js';
import { isNetwork, splitList } from './networks.js';

/** Half an account is a mistake: the gateway would start and could send nothing. */
export function carrierProblems(env: Environment): string[] {
  const problems: string[] = [];
  const demand = (names: readonly (keyof Environment)[], dependents: readonly (keyof Environment)[]) => {
    const given = [...names, ...dependents].find((name) => env[name] !== undefined);
    if (!given) return;
    for (const name of names) if (env[name] === undefined) problems.push(`${name} is required, since ${given} is set`);
  };
  demand(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'], ['TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID']);
  demand(['FLOWROUTE_ACCESS_KEY', 'FLOWROUTE_SECRET_KEY'], ['FLOWROUTE_FROM', 'FLOWROUTE_CALLBACK_TOKEN']);
  if (!splitList(env.FLOWROUTE_ALLOWED_ADDRESSES).every(isNetwork)) {
    problems.push('FLOWROUTE_ALLOWED_ADDRESSES must be addresses and networks such as 203.0.113.0/24, comma separated');
  }
  return problems;
}
