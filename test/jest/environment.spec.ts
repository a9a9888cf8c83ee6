import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard } from '@nestjs/throttler';
import { IsString, validateSync } from 'class-validator';

class Name {
  @IsString() text: unknown;
}
@Injectable()
class Greeter {
  constructor(readonly name: Name) {}
}

describe('a test', () => {
  it('shares its classes with Node', () => {
    expect(structuredClone(new Date(0))).toBeInstanceOf(Date);
    expect(structuredClone([])).toBeInstanceOf(Array);
    expect(Buffer.from('x')).toBeInstanceOf(Uint8Array);
    expect(() => createRequire(import.meta.url)('./nowhere.js')).toThrow(Error);
  });

  it('shares its packages with the packages that need them, also CommonJS with ESM', () => {
    expect(Reflect.getMetadata('design:paramtypes', ThrottlerGuard)).toContain(Reflector);
    expect(Reflect.getMetadata('design:paramtypes', Greeter)).toEqual([Name]);
    expect(validateSync(Object.assign(new Name(), { text: 1 }))).toHaveLength(1);
  });
});
