import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../../common/http/answers.js';
import { Nullable, withExample } from '../../common/schema.js';

const Device = Type.Object({
  id: IdOf('agt'),
  name: Nullable(ExampleText('samsung/a54x')),
  createdAt: Time,
  updatedAt: Time,
  lastSeen: Nullable(Time),
});
export const DeviceAnswer = Type.Object({
  device: Type.Optional(Device),
  externalIp: ExampleText('203.0.113.9'),
});
export const InvitedPhone = Type.Object({
  code: ExampleText('052964', { description: 'Told this once; good for one phone.' }),
  expires_at: Time,
  server_url: ExampleText('https://sms.example.com/api/mobile/v1', { description: 'What to enter in the app.' }),
  join_url: ExampleText('https://sms.example.com/phones/join/052964', {
    description: 'A page for the phone’s browser, with both to copy.',
  }),
  qr_png_url: ExampleText('data:image/png;base64,iVBORw0KGgo=', { description: 'A QR code of `join_url`.' }),
  qr_svg: ExampleText('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
});
export const RegisteredDevice = Type.Object({
  id: IdOf('agt'),
  token: ExampleText('tla_Zk3w0tJH8yqS5m1hQpT7uVx2bNc4Ld6fGr9eYiOaKjM'),
  login: ExampleText('agt_01jd2m0q8nfgt1vwzzk4x6s5ah', {
    description: 'Shown by the app. It is no user: nobody logs in by it.',
  }),
  password: ExampleText('', { description: 'Empty: there is none.' }),
});

const AppMessage = Type.Object({
  id: ExampleText('msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000', {
    description:
      'The message’s id; with `-1` and so on when the phone has told that it certainly did not send it before.',
  }),
  message: ExampleText('Ma OTP 123456'),
  textMessage: Type.Object({ text: ExampleText('Ma OTP 123456') }),
  phoneNumbers: Type.Array(ExampleText('+84901234567')),
  simNumber: withExample(Nullable(Type.Integer({ description: 'From 1.' })), 1),
  withDeliveryReport: Type.Literal(true),
  isEncrypted: Type.Literal(false),
  validUntil: Type.String({
    format: 'date-time',
    description: 'The end of the lease: the phone begins nothing later.',
    examples: ['2026-11-21T10:05:00.000Z'],
  }),
  priority: Type.Integer({ examples: [0] }),
  state: Type.Enum(['Pending', 'Cancelling'], { examples: ['Pending'] }),
  createdAt: Time,
});
export const AppMessages = Type.Array(AppMessage);

export const AppWebhooks = Type.Array(
  Type.Object({
    id: ExampleText('received'),
    deviceId: IdOf('agt'),
    url: ExampleText('https://sms.example.com/api/mobile/v1/received'),
    event: Type.Enum(['sms:received', 'system:ping'], { examples: ['sms:received'] }),
  }),
);
export const AppSettingsAnswer = Type.Object({
  messages: Type.Object({ log_lifetime_days: Type.Integer({ examples: [30] }) }),
  ping: Type.Object({ interval_seconds: Type.Integer({ examples: [60] }) }),
  logs: Type.Object({ lifetime_days: Type.Integer({ examples: [30] }) }),
  webhooks: Type.Object({
    internet_required: Type.Literal(false),
    retry_count: Type.Integer({ examples: [15] }),
    signing_key: ExampleText('uV6c0Qe3J8s1k7wXbN2pTz4aLd5fGhYr'),
  }),
  gateway: Type.Object({ notification_channel: Type.Literal('SSE_ONLY') }),
  encryption: Type.Object({}),
});
