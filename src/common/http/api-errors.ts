import {
  ApiError,
  conflict,
  forbidden,
  invalidField,
  NO_CREDENTIALS,
  notFound,
  tooMany,
  unauthenticated,
} from '../errors.js';
import { bodyTooLarge, bodyTooSlow, wrongKindOfBody } from './body-errors.js';
import { USUAL_RULES, type BodyRules } from './route-takes.js';
import { SURFACES, type SurfaceName, type SurfaceRules } from './surfaces.js';

/** A response of the OpenAPI document, by the name that refers to it. */
export interface DocumentedError {
  name: string;
  response: object;
}

export const ERROR = {
  type: 'object',
  required: ['success', 'error', 'code', 'message', 'details', 'request_id'],
  additionalProperties: false,
  properties: {
    success: { const: false },
    error: { type: 'integer', description: 'The HTTP status.' },
    code: { type: 'string', description: 'A stable code, for programs.' },
    message: { type: 'string', description: 'A sentence for people: what is wrong and what to do.' },
    details: {
      type: 'array',
      description: 'Every field that is wrong, at most 100.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string', description: 'As in the header X-Request-Id and in the log.' },
  },
};

/** An example of each error status, made by the same functions that the routes use. */
const EXAMPLES = {
  400: ['Invalid', invalidField('name', 'is required')],
  401: ['Unauthenticated', unauthenticated(NO_CREDENTIALS)],
  403: ['Forbidden', forbidden('This route needs the role admin; yours is viewer.')],
  404: ['NotFound', notFound('template', 'tpl_01jd2m0q8nfgt1vwzzk4x6s5ah')],
  408: ['TooSlow', bodyTooSlow()],
  409: ['Conflict', conflict('not_cancelable', 'The message can not be canceled: it is SENT.')],
  413: ['TooLarge', bodyTooLarge(USUAL_RULES)],
  429: ['TooMany', tooMany('throttled', 'Too many calls. Wait for the seconds in Retry-After, then try again.', 1)],
  default: [
    'Other',
    new ApiError(
      500,
      'internal_error',
      'Something went wrong on our side. Try again; if it happens again, give the operator the request_id.',
    ),
  ],
} satisfies Record<string | number, [name: string, error: ApiError]>;
export type DocumentedStatus = keyof typeof EXAMPLES;

/** The errors of one surface, in its own shape. */
export class ErrorsOfSurface {
  private readonly rules: SurfaceRules;
  private readonly prefix: string;
  readonly schema: { name: string; schema: object };

  constructor(surface: SurfaceName) {
    this.rules = SURFACES[surface];
    this.schema = this.rules.errorSchema ?? { name: 'Error', schema: ERROR };
    this.prefix = this.schema.name.slice(0, -'Error'.length);
  }

  of(status: DocumentedStatus): DocumentedError {
    return this.documented(...EXAMPLES[status]);
  }

  /** `NotJson`, `NotUpload`: a route's answer to a kind of body that it doesn't take. */
  wrongKind(rules: BodyRules): DocumentedError {
    const kinds = rules.kinds.map((kind) => kind[0]!.toUpperCase() + kind.slice(1));
    return this.documented(`Not${kinds.join('Or')}`, wrongKindOfBody(rules));
  }

  own(): [status: string, DocumentedError][] {
    return (this.rules.ownErrors ?? []).map((error) => [
      String(error.status),
      this.documented(`Own${error.status}`, error),
    ]);
  }

  private documented(name: string, error: ApiError): DocumentedError {
    const example = this.rules.errorBody(error, '0d9cf20e-98a9-4b1f-a6cf-8a6b2a9d5b1c');
    const plain = typeof example === 'string' ? 'text/plain' : 'application/json';
    const type = this.rules.errorType?.split(';')[0] ?? plain;
    const content = { [type]: { schema: { $ref: `#/components/schemas/${this.schema.name}` }, example } };
    return {
      name: this.prefix + name,
      response: { description: `${error.code}, for one: ${error.message}`, content },
    };
  }
}
