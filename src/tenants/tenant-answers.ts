import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';
import { KEYWORDS } from '../domain/opt-out-words.js';
import { WEEKDAYS } from '../domain/working-hours.js';

export const Tenant = Type.Object(
  { id: IdOf('ten'), slug: ExampleText('safeshop'), name: ExampleText('SafeShop'), created_at: Time, updated_at: Time },
  { $id: 'Tenant' },
);

export const WorkingHoursAnswer = Type.Object(
  {
    from: ExampleText('08:00'),
    to: ExampleText('20:00'),
    days: Type.Optional(Type.Array(Type.Enum([...WEEKDAYS]), { examples: [['mon', 'tue', 'wed', 'thu', 'fri']] })),
    zone: ExampleText('Asia/Ho_Chi_Minh'),
  },
  { $id: 'WorkingHours' },
);

export const SettingsAnswer = Type.Object(
  {
    org_name: ExampleText('SafeShop'),
    default_country_prefix: ExampleText('+84'),
    default_country: withExample(Nullable(Type.String()), null),
    time_zone: withExample(Nullable(Type.String()), 'Asia/Ho_Chi_Minh'),
    allow_short_codes: Type.Boolean(),
    block_international: Type.Boolean(),
    max_per_day_international: withExample(Nullable(Type.Integer()), null),
    anti_dup_minutes: Type.Integer({ examples: [3] }),
    max_text_length: Type.Integer({ examples: [1600] }),
    message_ttl_hours: Type.Integer({ examples: [72] }),
    agent_rate_limit_per_min: Type.Integer({ examples: [10] }),
    app_rate_limit_per_min: Type.Integer({ examples: [10] }),
    app_hourly_cap_per_sim: Type.Integer({ examples: [200] }),
    agent_hours: withExample(Nullable(WorkingHoursAnswer), null),
    agent_rotation: Type.Enum(['secret', 'old_token']),
    opt_out_scope: Type.Enum(['tenant', 'sender']),
    opt_out_words: withExample(Type.Partial(Type.Record(Type.Enum([...KEYWORDS]), Type.Array(Type.String()))), {
      stop: ['BAJA'],
    }),
    opt_out_confirmation: Type.Boolean(),
    opt_out_confirmation_texts: withExample(Type.Record(Type.String(), Type.String()), {}),
    session_start_msg: ExampleText('Your new session has started, send a message!'),
    session_end_msg: ExampleText('This session has ended, talk to you again soon!'),
    no_session_msg: ExampleText('An active session was not found.'),
    not_relayed_msg: ExampleText('Your message could not be delivered.'),
    on_unknown: Type.Enum(['reply', 'webhook'], { examples: ['reply'] }),
    on_unknown_url: withExample(Nullable(Type.String()), null),
    on_unknown_secret: Type.Optional(
      Type.String({ description: 'One that was made by this call; it is not shown again.', examples: ['whsec_...'] }),
    ),
    self_registration: Type.Boolean(),
    segment_prices: withExample(Type.Record(Type.String(), Type.Number()), { agent: 250 }),
    currency: Nullable(ExampleText('VND')),
    blank_texts_after_days: withExample(Nullable(Type.Integer()), 30),
    blank_relayed_texts_after_days: withExample(Nullable(Type.Integer()), 0),
    remove_messages_after_days: withExample(Nullable(Type.Integer()), 400),
    remove_audit_logs_after_days: withExample(Nullable(Type.Integer()), 730),
  },
  { $id: 'Settings' },
);
