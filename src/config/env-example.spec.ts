import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Environment } from './environment.js';
import { loadConfig } from './load-config.js';

const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');
const names = lines.flatMap((line) => /^(?:# )?([A-Z][A-Z_]+)=/.exec(line)?.[1] ?? []);

describe('.env.example', () => {
  it('documents every variable that the gateway reads, and no other', () => {
    expect(names.toSorted()).toEqual(Object.keys(Environment.properties).toSorted());
  });

  it('starts a gateway as it is', () => {
    const env = Object.fromEntries(
      lines.flatMap((line) => (/^[A-Z_]+=/.test(line) ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
    );
    expect(loadConfig(env)).toMatchObject({ PORT: 8000, DEFAULT_COUNTRY_PREFIX: '+84' });
  });
});
