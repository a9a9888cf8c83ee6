import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Environment } from './environment.js';
import { parseEnvFile } from './env-file.js';
import { loadConfig } from './load-config.js';
import { warningsOf } from './read-environment.js';

const file = readFileSync(new URL('../../.env.example', import.meta.url));
const names = String(file)
  .split('\n')
  .flatMap((line) => /^(?:# )?([A-Z][A-Z_]+)=/.exec(line)?.[1] ?? []);

describe('.env.example', () => {
  it('documents every variable that the gateway reads, and no other', () => {
    expect(names.toSorted()).toEqual(Object.keys(Environment.properties).toSorted());
  });

  it('starts a gateway as it is', () => {
    const env = parseEnvFile(file);
    expect(warningsOf(env)).toEqual([]);
    expect(loadConfig(env.values)).toMatchObject({ PORT: 8000, DEFAULT_COUNTRY_PREFIX: '+84' });
  });
});
