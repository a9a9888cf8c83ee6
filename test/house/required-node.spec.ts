import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('the required version of Node', () => {
  it('is the same in package.json and where programs look', () => {
    const [, major] = /MAJOR = (\d+)/.exec(read('src/required-node.ts'))!;
    const [, minor] = /MINOR = (\d+)/.exec(read('src/required-node.ts'))!;
    for (const file of ['package.json', 'android-agent-sim/package.json'])
      expect(JSON.parse(read(file)).engines.node).toBe(`>=${major}.${minor}`);
  });

  it('is looked at by the simulator, which is a package of its own, in the same way', () => {
    expect(read('android-agent-sim/required-node.ts')).toBe(read('src/required-node.ts'));
  });
});
