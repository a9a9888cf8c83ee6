import { describe, expect, it } from '@jest/globals';
import { PasswordTurns } from './password-turns.js';

/** Work that ends when the test says so. */
class Works {
  readonly begun: string[] = [];
  private readonly ends: (() => void)[] = [];
  work = (name: string) => () => {
    this.begun.push(name);
    return new Promise<void>((end) => this.ends.push(end));
  };
  async end(): Promise<void> {
    this.ends.shift()?.();
    await new Promise((next) => setImmediate(next));
  }
}

describe('turns at hashing', () => {
  it('go two at a time, and around the addresses', async () => {
    const turns = new PasswordTurns();
    const works = new Works();
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'c2'].map((name) => turns.run(name[0]!, works.work(name)));
    expect(works.begun).toEqual(['a1', 'a2']);
    for (let i = 0; i < all.length; i++) await works.end();
    await Promise.all(all);
    expect(works.begun).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'c2']);
  });

  it('are refused with a time to wait to an address that has many waiting, and to nobody else', async () => {
    const turns = new PasswordTurns();
    const works = new Works();
    const mine = Array.from({ length: 42 }, () => turns.run('a', works.work('a')));
    await expect(turns.run('a', works.work('a'))).rejects.toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
    const other = turns.run('b', works.work('b'));
    for (let i = 0; i < 43; i++) await works.end();
    await Promise.all([...mine, other]);
    expect(works.begun.indexOf('b')).toBe(3);
    await Promise.all([turns.run('a', works.work('again')), works.end()]);
  });

  it('are bounded for all addresses together', async () => {
    const turns = new PasswordTurns();
    const works = new Works();
    const all = Array.from({ length: 402 }, (_, i) => turns.run(`address-${i}`, works.work('x')));
    await expect(turns.run('one more', works.work('x'))).rejects.toMatchObject({ status: 503 });
    for (let i = 0; i < 402; i++) await works.end();
    await Promise.all(all);
  });

  it('go on after work that failed', async () => {
    const turns = new PasswordTurns();
    const failed = [1, 2, 3].map(() => turns.run('a', () => Promise.reject(new Error('no'))));
    for (const one of await Promise.allSettled(failed)) expect(one.status).toBe('rejected');
    expect(await turns.run('a', () => Promise.resolve('fine'))).toBe('fine');
  });
});
