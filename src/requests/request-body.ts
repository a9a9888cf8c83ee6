import { Type, type Static } from 'typebox';
import { idPattern } from '../common/ids.js';
import { Like, Strict } from '../common/schema.js';
import { VariableValues } from '../common/variable-values.js';
import { TEXT_ENCODINGS } from '../domain/gsm7.js';

const Priority = Type.String({ maxLength: 20, description: 'HIGH, NORMAL or LOW; anything else is NORMAL.' });
const When = Type.Union([Type.String({ maxLength: 40 }), Type.Null()], {
  description: 'ISO 8601; without a zone it is UTC.',
});
const Reference = Type.String({ minLength: 1, maxLength: 200 });
const SimSlot = Type.Integer({ minimum: 0, maximum: 15 });
/** Flat, so that it stays searchable and small. */
const Metadata = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean(), Type.Null()]),
  { maxProperties: 50, additionalProperties: false },
);

const NewMessage = Strict({
  to: Type.String({ minLength: 1, maxLength: 64 }),
  variables: Type.Optional(Type.Union([VariableValues, Type.Null()])),
  priority: Type.Optional(Type.Union([Priority, Type.Null()])),
  schedule_at: Type.Optional(When),
  sim_slot: Type.Optional(Type.Union([SimSlot, Type.Null()])),
  client_reference: Type.Optional(Type.Union([Reference, Type.Null()])),
});

/** Lengths of `messages`, and ids that don't exist, are judged in the order of the checks and not here. */
export const NewRequest = Like(
  Strict({
    template_id: Type.Optional(Type.String({ maxLength: 100 })),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10_000,
        description: 'Instead of a template; needs the scope sms:send_text.',
      }),
    ),
    encoding: Type.Optional(
      Type.Enum([...TEXT_ENCODINGS], {
        description:
          'gsm7 transliterates what the GSM alphabet lacks, so that a segment holds 160 characters; wins over the template.',
      }),
    ),
    agent_id: Type.Optional(Type.String({ maxLength: 100 })),
    route: Type.Optional(
      Type.String({ maxLength: 100, description: 'agent:<id> or group:<name>, instead of agent_id.' }),
    ),
    messages: Type.Optional(Type.Array(NewMessage)),
    variables: Type.Optional(Type.Union([VariableValues, Type.Null()])),
    priority: Type.Optional(Type.Union([Priority, Type.Null()])),
    schedule_at: Type.Optional(When),
    expires_at: Type.Optional(When),
    ttl_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 * 86_400 })),
    client_reference: Type.Optional(Type.Union([Reference, Type.Null()])),
    sim_slot: Type.Optional(Type.Union([SimSlot, Type.Null()])),
    metadata: Type.Optional(Type.Union([Metadata, Type.Null()])),
  }),
  {
    template_id: 'tpl_01jd2m0q8nfgt1vwzzk4x6s5ah',
    agent_id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah',
    messages: [{ to: '0901234567', variables: { CODE: '123456' } }],
  },
);
export type NewRequest = Static<typeof NewRequest>;
export type NewMessage = Static<typeof NewMessage>;

export const TEMPLATE_ID = new RegExp(idPattern('tpl'));
export const AGENT_ID = new RegExp(idPattern('agt'));
