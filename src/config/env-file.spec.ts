import { describe, expect, it } from '@jest/globals';
import { parseEnvFile } from './env-file.js';
import { ConfigError } from './load-config.js';
import { warningsOf } from './read-environment.js';

const values = (text: string) => parseEnvFile(Buffer.from(text)).values;
const warnings = (text: string) => warningsOf(parseEnvFile(Buffer.from(text)));
const refusal = (bytes: Buffer): string => {
  try {
    parseEnvFile(bytes);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
};

describe('.env', () => {
  it.each([
    ['A=Correct-horse-9#battery', 'Correct-horse-9#battery'],
    ['A=one # a comment', 'one'],
    ['A=one\t# a comment', 'one'],
    ['A=#one', '#one'],
    ['A= # a comment', ''],
    ['A=', ''],
    ['A="one # two" # a comment', 'one # two'],
    ["A='one # two'#a comment", 'one # two'],
    ['A = one two ', 'one two'],
    ['A: one', 'one'],
    ['export A=one', 'one'],
    ['A=a=b', 'a=b'],
    ['A=smtp://user:pass@host', 'smtp://user:pass@host'],
    ['A="a\\tb\\n\\"c\\" \\\\"', 'a\tb\n"c" \\'],
    ["A='a\\nb it\\'s'", "a\\nb it's"],
    ['A=a\\nb', 'a\\nb'],
    ['A="one\ntwo"', 'one\ntwo'],
    ['A=one"two"', 'one"two"'],
    ['A={"key": "value"}', '{"key": "value"}'],
    ['A=$HOME${HOME}', '$HOME${HOME}'],
    ['# A=two\nA=one\n\n  # B=1', 'one'],
    ['A=two\nA=one', 'one'],
    ['A=one\r', 'one'],
  ])('reads %j as Docker Compose does', (line, value) => {
    expect(values(line)).toEqual({ A: value });
    expect(values(`B=0\r\n${line}\r\nC=1\r\n`)).toEqual({ B: '0', A: value, C: '1' });
  });

  it('reads UTF-8 and UTF-16 with a byte-order mark', () => {
    const text = 'ORG_NAME=Tiệm Hoa\r\nPORT=8123\r\n';
    const expected = { ORG_NAME: 'Tiệm Hoa', PORT: '8123' };
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
    for (const bytes of [Buffer.from(`\uFEFF${text}`), utf16, Buffer.from(utf16).swap16()])
      expect(parseEnvFile(bytes).values).toEqual(expected);
  });

  it('refuses other encodings and a quote that is not closed, and tells no value', () => {
    for (const bytes of [
      Buffer.from('ORG_NAME=hidden', 'utf16le'),
      Buffer.from('ORG_NAME=hiddén', 'latin1'),
      Buffer.from([0xff, 0xfe, 0x41]),
    ])
      expect(refusal(bytes)).toMatch(/save it as UTF-8$/);
    expect(refusal(Buffer.from('PORT=1\n\nJWT_SECRET="hidden\nA=1\n'))).toContain(
      '.env, line 3: the quote at the beginning of JWT_SECRET is not closed',
    );
  });

  it('warns of names that are nearly ours, of the style of YAML and of lines that say nothing, and tells no value', () => {
    expect(
      warnings('TRUST_PROXI=hidden\nSEED_ADMIN_PASWORD=hidden\nport=1\nMONGO_URL=hidden\nAPP_NMAE=hidden'),
    ).toEqual([
      'line 1: TRUST_PROXI is not a variable of Trunkline; did you mean TRUST_PROXY?',
      'line 2: SEED_ADMIN_PASWORD is not a variable of Trunkline; did you mean SEED_ADMIN_PASSWORD?',
      'line 3: port is not a variable of Trunkline; did you mean PORT?',
      'line 4: MONGO_URL is not a variable of Trunkline; did you mean MONGO_URI?',
      'line 5: APP_NMAE is not a variable of Trunkline; did you mean APP_NAME?',
    ]);
    expect(warnings('# one\nPORT: 8123\nhidden words\nORG_NAME="a" hidden')).toEqual([
      'line 2: "PORT:" is read as PORT=; write it so',
      'line 3: is not NAME=value, and is ignored',
      'line 4: is not NAME=value, and is ignored',
    ]);
  });

  it('warns of nothing that is right, or none of ours', () => {
    expect(
      warnings('PORT=1\nTWIL_ACCOUNT_KEY=a\nNODE_ENV=production\nTZ=UTC\nDATABASE_URL=x\nOTHER: y\nHTTP_PROXY=z'),
    ).toEqual([]);
  });
});
