import { jest } from '@jest/globals';

type Methods = Record<string, (...args: any[]) => Promise<unknown>>;

/** Stands for a gateway that dies at one of its writes: that one fails before or after it is made, and so does every later one. */
export class Dying {
  private place = 0;
  private when: 'before' | 'after' = 'before';
  private writes = 0;
  isDead = false;

  /** Every method is one write. */
  constructor(...writers: readonly (readonly [target: object, ...methods: string[]])[]) {
    for (const [target, ...methods] of writers) for (const method of methods) this.watch(target as Methods, method);
  }

  at(place: number, when: 'before' | 'after'): void {
    this.revive();
    this.place = place;
    this.when = when;
  }

  /** Another gateway goes on with the same store. */
  revive(): void {
    this.place = 0;
    this.writes = 0;
    this.isDead = false;
  }

  private watch(target: Methods, method: string): void {
    const write = target[method]!.bind(target);
    jest.spyOn(target, method).mockImplementation(async (...args: any[]) => {
      const isIt = !this.isDead && ++this.writes === this.place;
      if (isIt && this.when === 'before') this.isDead = true;
      if (this.isDead) throw new Error('died');
      const written = await write(...args);
      if (isIt) this.isDead = true;
      if (this.isDead) throw new Error('died');
      return written;
    });
  }
}
