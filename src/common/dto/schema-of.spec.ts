import 'reflect-metadata';
import {
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { ValidateNested } from 'class-validator';
import { describe, expect, it } from '@jest/globals';
import { ValidBody } from '../http/parameters.js';
import { bodyParser } from '../schema.js';
import { Describe, Example, IgnoresUnknownFields, IsDto, MayBeAbsent, MayBeNull, type DtoClass } from './decorators.js';
import { schemaOf } from './schema-of.js';

class Sim {
  @IsInt()
  @Min(0)
  slot!: number;

  @MayBeNull()
  @IsInt()
  cap!: number | null;
}
class Base {
  @IsInt()
  @Describe('How many.')
  limit: number = 50;
}
@Example({ name: 'a' })
class Phone extends Base {
  @MaxLength(5, { message: 'is too long for a name' })
  @Matches(/^\S+$/u, { message: 'must not hold a blank' })
  name!: string;

  @IsOptional()
  @IsIn(['a', 'b'])
  kind?: string | null;

  @MayBeAbsent()
  @IsArray()
  @IsDto(Sim, { each: true })
  sims?: Sim[];

  @IsArray()
  @IsString({ each: true })
  @MaxLength(3, { each: true })
  tags: string[] = [];
}
@IgnoresUnknownFields()
class Beat extends Base {}

describe('the schema of a DTO class', () => {
  it('says what the decorators, the initialisers and the classes above it say', () => {
    expect(schemaOf(Phone)).toEqual({
      type: 'object',
      properties: {
        limit: { type: 'integer', default: 50, description: 'How many.' },
        name: {
          type: 'string',
          maxLength: 5,
          pattern: '^\\S+$',
          title: 'must not hold a blank',
          'x-messages': { maxLength: 'is too long for a name' },
        },
        kind: { anyOf: [{ enum: ['a', 'b'] }, { type: 'null' }] },
        sims: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              slot: { type: 'integer', minimum: 0 },
              cap: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
            },
            required: ['slot', 'cap'],
            additionalProperties: false,
          },
        },
        tags: { type: 'array', items: { type: 'string', maxLength: 3 }, default: [] },
      },
      required: ['name'],
      additionalProperties: false,
      examples: [{ name: 'a' }],
    });
    expect(schemaOf(Beat)).not.toHaveProperty('additionalProperties');
    expect(schemaOf(Beat)).toBe(schemaOf(Beat));
  });

  it('fills in a default, a new one each time', () => {
    const parse = bodyParser<Phone>(schemaOf(Phone));
    const phone = parse({ name: 'a' });
    expect(phone).toEqual({ name: 'a', limit: 50, tags: [] });
    phone.tags.push('x');
    expect(parse({ name: 'b' }).tags).toEqual([]);
  });

  it.each([
    [{ name: 'a b' }, 'name', 'must not hold a blank'],
    [{ name: 'abcdef' }, 'name', 'is too long for a name'],
    [{ name: 7 }, 'name', 'must be a string'],
    [{ name: 'a', kind: 'c' }, 'kind', 'must be one of a, b'],
    [{ name: 'a', sims: [{ slot: 0 }] }, 'sims.0.cap', 'is required'],
    [{ name: 'a', sims: null }, 'sims', 'must be an array'],
  ])('tells %j in the words of its decorators', (body, field, message) => {
    expect(() => bodyParser(schemaOf(Phone))(body)).toThrow(`${field}: ${message}`);
  });
});

describe('the start stops', () => {
  class Unknown {
    @IsEmail()
    mail!: string;
  }
  class Conditional {
    @ValidateIf(() => true)
    @IsString()
    name!: string;
  }
  class Flag {
    @Matches(/a/i)
    name!: string;
  }
  class NoType {
    @MayBeAbsent()
    name?: string;
  }
  class NoArray {
    @IsString({ each: true })
    names!: string[];
  }
  class NoClass {
    @ValidateNested()
    sim!: Sim;
  }
  class Contradiction {
    @IsString()
    @IsInt()
    name!: string;
  }
  class LostDefault {
    @IsOptional()
    @IsDto(Base)
    page?: Base | null;
  }
  class Undecorated {
    @IsString()
    name!: string;
    label = '';
  }
  it.each<[DtoClass, string]>([
    [Unknown, 'Unknown.mail: the decorator isEmail is unknown; add it to decorator-table.ts.'],
    [Conditional, 'Conditional.name: ValidateIf is not supported; use IsOptional, MayBeAbsent or MayBeNull.'],
    [Flag, 'Flag.name: its pattern needs the flag u and no other, such as /^[a-z]+$/u.'],
    [NoType, 'NoType.name: its decorators name no type; add IsString, IsArray or another.'],
    [NoArray, 'NoArray.names: its decorators name no type; add IsString, IsArray or another.'],
    [NoClass, 'NoClass.sim: ValidateNested does not name the class; use IsDto.'],
    [Contradiction, 'Contradiction.name: "type" can\'t be both "integer" and "string".'],
    [LostDefault, 'LostDefault.page: defaults inside a nullable object are not filled in.'],
    [Undecorated, 'Undecorated.label has no decorator that says what it may be.'],
  ])('%o: %s', (dto, message) => {
    expect(() => schemaOf(dto)).toThrow(message);
  });

  it('when the type of a parameter is no DTO class', () => {
    class Controller {
      create(_body: object): void {}
    }
    Reflect.defineMetadata('design:paramtypes', [Object], Controller.prototype, 'create');
    expect(() => ValidBody()(Controller.prototype, 'create', 0)).toThrow(
      'Controller.create: the parameter of @ValidBody() has to have a DTO class as its type',
    );
  });
});
