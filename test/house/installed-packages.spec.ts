import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  name?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  deprecated?: string;
}
const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const locked = Object.entries<Locked>(read('package-lock.json').packages).filter(([path]) => path !== '');
const nameOf = (path: string, { name }: Locked) => name ?? path.replace(/^.*node_modules\//, '');
const namesOf = (matches: (one: Locked) => unknown) =>
  [...new Set(locked.filter(([, one]) => matches(one)).map(([path, one]) => nameOf(path, one)))].toSorted();

describe('what npm ci installs', () => {
  /** None of them phones home, and everything works without them: package.json tells npm not to run them. */
  const WITH_SCRIPTS = ['@parcel/watcher', '@swc/core', 'bcrypt', 'core-js'];

  it('runs no script but these, and not even these', () => {
    expect(namesOf(({ hasInstallScript }) => hasInstallScript)).toEqual(WITH_SCRIPTS);
    expect(read('package.json').allowScripts).toEqual(Object.fromEntries(WITH_SCRIPTS.map((name) => [name, false])));
  });

  it('brings no analytics of installations', () => {
    expect(namesOf(() => true)).not.toContain('@scarf/scarf');
    expect(locked.find(([path]) => path.endsWith('node_modules/@scarf/scarf'))?.[1].name).toBe(
      '@favware/skip-dependency',
    );
  });

  it('comes from whichever registry npm has, and is not warned of as deprecated', () => {
    expect(namesOf(({ resolved }) => resolved)).toEqual([]);
    expect(namesOf(({ deprecated }) => deprecated)).toEqual([]);
  });
});
