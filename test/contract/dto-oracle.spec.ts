import fc from 'fast-check';
import { getMetadataStorage, validateSync } from 'class-validator';
import { describe, expect, it } from '@jest/globals';
import '../../src/app.module.js';
import { ApiError } from '../../src/common/errors.js';
import { ignoresUnknownFields, type DtoClass } from '../../src/common/dto/decorators.js';
import { knownDtos, schemaOf } from '../../src/common/dto/schema-of.js';
import { bodyParser } from '../../src/common/schema.js';
import { CreateRequestDto } from '../../src/requests/dto/create-request.dto.js';
import { CreateTemplateDto } from '../../src/templates/dto/create-template.dto.js';
import { bodiesOf, holes, spoiltBodies } from '../support/dto-bodies.js';

type Verdict = 'accepts' | 'refuses';

/**
 * What the decorators mean is what class-validator's own validate() makes of them. We run JSON schema, compiled from the same
 * decorators: over generated bodies, right ones and wrong ones, both have to say the same.
 */
interface Difference {
  name: string;
  /** Why ours is right. */
  why: string;
  isIn: (body: unknown) => boolean;
  example: [dto: DtoClass, body: unknown];
  ours: Verdict;
}
const DIFFERENCES: Difference[] = [
  {
    name: 'a field that every object inherits',
    why: 'It is no field of the request. class-validator looks it up in an ordinary object, finds Object.prototype’s and takes it for known.',
    isIn: (body) =>
      someObject(
        body,
        (object) => !Array.isArray(object) && Object.keys(object).some((name) => name in Object.prototype),
      ),
    example: [CreateTemplateDto, { name: 'a', content: 'b', hasOwnProperty: 1 }],
    ours: 'refuses',
  },
  {
    name: 'a variation selector',
    why: 'We count code points, as JSON schema and the limits of texts do. The validator leaves some of them out, and lets longer texts in.',
    isIn: (body) => /[\ufe0e\ufe0f]/.test(JSON.stringify(body)),
    example: [CreateTemplateDto, { name: '❤\ufe0f'.repeat(150), content: 'b' }],
    ours: 'refuses',
  },
  {
    name: 'a hole in a list',
    why: 'It is no item. class-validator steps over it; JSON has none.',
    isIn: (body) => someObject(body, (object) => Array.isArray(object) && Object.keys(object).length < object.length),
    example: [CreateRequestDto, { messages: holes(3) }],
    ours: 'refuses',
  },
];

const RUNS = { seed: 20261121, numRuns: 100 };

describe('a DTO class', () => {
  it.each(knownDtos().map((dto) => [dto.name, dto] as const))('%s means what class-validator makes of it', (_, dto) => {
    const ours = ourVerdict(dto);
    const seen = { accepts: 0, refuses: 0 };
    const compare = (body: unknown): void => {
      // Another kind of body never comes so far in class-validator's world.
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
      const [verdict, theirs] = [ours(body), theirVerdict(dto, body)];
      seen[verdict]++;
      if (verdict === theirs || DIFFERENCES.some(({ isIn }) => isIn(body))) return;
      expect({ body, verdict }).toEqual({ body, verdict: theirs });
    };
    for (const body of spoiltBodies(schemaOf(dto))) compare(body);
    fc.assert(fc.property(bodiesOf(schemaOf(dto)), compare), RUNS);
    // Neither is said to everything.
    expect(Math.min(seen.accepts, seen.refuses)).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it.each(DIFFERENCES)('differs on purpose: $name', ({ example: [dto, body], ours, isIn }) => {
    expect(isIn(body)).toBe(true);
    expect(ourVerdict(dto)(body)).toBe(ours);
    expect(theirVerdict(dto, body)).not.toBe(ours);
  });

  it.each([[[[]]], [[[{ to: '1' }]]], [[null]], [{ 0: { to: '1' }, length: 1 }]])(
    'takes no %j for a list of messages',
    (messages) => {
      expect(ourVerdict(CreateRequestDto)({ messages })).toBe('refuses');
      expect(theirVerdict(CreateRequestDto, { messages })).toBe('refuses');
    },
  );
});

function ourVerdict(dto: DtoClass): (body: unknown) => Verdict {
  const parse = bodyParser(schemaOf(dto));
  return (body) => {
    try {
      // A copy: defaults are filled in.
      parse(structuredClone(body));
      return 'accepts';
    } catch (error) {
      if (error instanceof ApiError) return 'refuses';
      throw error;
    }
  };
}

function theirVerdict(dto: DtoClass, body: unknown): Verdict {
  const strict = ignoresUnknownFields(dto) ? {} : { whitelist: true, forbidNonWhitelisted: true };
  try {
    return validateSync(instanceOf(dto, body) as object, strict).length === 0 ? 'accepts' : 'refuses';
  } catch {
    return 'refuses'; // it falls over a `constructor` that is none, which is a field that every object inherits
  }
}

/** The body as class-validator wants it: objects of the DTO classes. */
function instanceOf(dto: DtoClass, body: unknown): unknown {
  if (Array.isArray(body)) return body.map((one) => instanceOf(dto, one));
  if (typeof body !== 'object' || body === null) return body;
  const made = new dto();
  for (const [name, value] of Object.entries(body)) {
    const inner = innerDto(dto, name);
    Object.defineProperty(made, name, {
      value: inner ? instanceOf(inner, value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return made;
}

function innerDto(dto: DtoClass, field: string): DtoClass | undefined {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const inner = rules.find((rule) => rule.propertyName === field && (rule.context as { dto?: DtoClass })?.dto);
  return (inner?.context as { dto?: DtoClass } | undefined)?.dto;
}

function someObject(value: unknown, is: (object: object) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return is(value) || Object.values(value).some((one) => someObject(one, is));
}
