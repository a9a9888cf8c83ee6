import { Type, type Static } from 'typebox';

const flag = (byDefault: boolean, description: string) => Type.Boolean({ default: byDefault, description });
const count = (byDefault: number, minimum: number, description: string) =>
  Type.Integer({ default: byDefault, minimum, description });
const text = (byDefault: string, description: string) => Type.String({ default: byDefault, description });
const optional = (description: string, limits: { minLength?: number; pattern?: string } = {}) =>
  Type.Optional(Type.String({ ...limits, description }));

/** Every variable of the environment that the gateway reads. `.env.example` documents the same list; a test compares them. */
export const Environment = Type.Object({
  APP_NAME: text('sms', 'Name in logs.'),
  APP_ENV: Type.Enum(['development', 'production', 'test'], {
    default: 'development',
    description: 'production refuses to start with a default, short or missing secret.',
  }),
  ROLE: Type.Enum(['all', 'api', 'worker'], {
    default: 'all',
    description: 'api runs no workers, worker accepts no calls; each database needs a gateway with all or worker.',
  }),
  HOST: text('127.0.0.1', 'Address to listen on; 0.0.0.0 for every interface.'),
  PORT: Type.Integer({ default: 8000, minimum: 0, maximum: 65535, description: 'Port to listen on.' }),
  BASE_PATH: Type.String({
    default: '/sms',
    pattern: '^(/[A-Za-z0-9._~-]+)*$',
    description: 'Every route answers with and without this prefix.',
  }),
  DATA_DIR: text('./data', 'Folder of the embedded store and of generated secrets.'),
  MONGO_URI: optional('MongoDB 6 or newer; without it the embedded store in DATA_DIR is used.', {
    pattern: '^mongodb(\\+srv)?://.+',
  }),
  MONGO_DB: Type.String({
    default: 'trunkline',
    pattern: '^[A-Za-z0-9_-]{1,63}$',
    description: 'Name of the database.',
  }),
  PUBLIC_URL: optional('Address under which providers and browsers reach the gateway.', { pattern: '^https?://.+' }),
  TRUST_PROXY: text(
    '',
    'Proxies whose X-Forwarded-* headers are trusted: false, how many stand in front, their addresses or networks, or true.',
  ),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Lowest level that is logged.',
  }),
  LOG_FORMAT: Type.Optional(
    Type.Enum(['pretty', 'json'], { description: 'unset: readable lines on a terminal, JSON anywhere else.' }),
  ),
  JWT_SECRET: optional(
    'HS256 secret of user tokens, also of tokens signed elsewhere; 32 characters or more in production.',
  ),
  JWT_ACCESS_MINUTES: count(240, 1, 'How long a token of POST /auth/login is valid.'),
  JWT_ISSUER: optional('When set, tokens signed elsewhere must carry this `iss`.'),
  JWT_AUDIENCE: optional('When set, tokens signed elsewhere must carry this `aud`.'),
  JWT_ROLE_CLAIM: text('role', 'Claim of a token signed elsewhere that holds the role.'),
  JWT_TENANT_CLAIM: text('tenant', "Claim of a token signed elsewhere that holds the tenant's slug."),
  SECRETS_KEY: optional('Base64 of 32 bytes; encrypts secrets at rest.'),
  SECRETS_KEY_OLD: text('', 'Earlier keys, comma separated, that still open what they encrypted.'),
  SEED_ADMIN: flag(true, 'Create the first administrator at start when there is no user.'),
  SEED_ADMIN_USERNAME: Type.String({ default: 'admin', minLength: 1, maxLength: 100, description: 'Its name.' }),
  SEED_ADMIN_PASSWORD: optional('Its password; generated and printed once when not set.'),
  AGENT_REGISTRATION_SECRET: optional(
    "Secret that phones of the default tenant register with, until it's set over HTTP.",
    {
      pattern: '^(|\\s*\\S.{6,}\\S\\s*)$',
    },
  ),
  LEASE_SECONDS: Type.Integer({
    default: 300,
    minimum: 1,
    maximum: 86400,
    description: 'How long a phone may hold a job.',
  }),
  MAX_ATTEMPTS: count(5, 1, 'Number of leases after which a message fails.'),
  AGENT_RATE_LIMIT_PER_MIN: count(10, 1, 'Texts per minute of one phone, unless the phone has its own limit.'),
  AGENT_ONLINE_SECONDS: count(90, 1, 'A phone that has made no call for longer than this is offline.'),
  APIKEY_RATE_LIMIT_PER_DAY_DEFAULT: count(
    20000,
    1,
    'Messages per day of one API key, unless the key has its own limit.',
  ),
  DEFAULT_COUNTRY_PREFIX: Type.String({
    default: '+84',
    pattern: '^\\+[1-9]\\d{0,2}$',
    description: 'Calling code that is added to numbers without one.',
  }),
  DEFAULT_COUNTRY: optional('Whose national numbers are read, where several countries share that code: CA with +1.', {
    pattern: '^[A-Z]{2}$',
  }),
  BLOCK_INTERNATIONAL: flag(true, 'Refuse numbers of other countries in POST /requests.'),
  ANTI_DUP_MINUTES: count(3, 0, 'The same text to the same number within this time is a duplicate; 0 turns it off.'),
  MAX_RECIPIENTS_PER_REQUEST: Type.Integer({
    default: 5000,
    minimum: 1,
    maximum: 5000,
    description: 'Most messages in one request.',
  }),
  IMPORT_MAX_LINES: count(100_000, 1, 'Most lines of one CSV file, without its header.'),
  MAX_TEXT_LENGTH: count(1600, 1, 'Most characters of a rendered text.'),
  MESSAGE_TTL_HOURS: count(72, 1, 'A message not sent by then fails as EXPIRED, unless the request says otherwise.'),
  ORG_NAME: optional("The organisation's name in texts, unless the tenant has another; without it APP_NAME.", {
    pattern: '^.{1,100}$',
  }),
  SESSION_START_MSG: text(
    'Your new session has started, send a message!',
    'Told to everybody when a masked conversation begins.',
  ),
  SESSION_END_MSG: text(
    'This session has ended, talk to you again soon!',
    'Told to everybody when a masked conversation ends.',
  ),
  NO_SESSION_MSG: text(
    'An active session was not found.',
    'Told to who writes to a number of the pool and is in no conversation there.',
  ),
  NUMBER_POOL: optional("Twilio numbers for the default tenant's pool: a JSON array of E.164 numbers.", {
    pattern: '^\\s*\\[(\\s*"\\+[1-9]\\d{6,14}"\\s*(,(?=\\s*")|(?=\\])))*\\s*\\]\\s*$',
  }),
  TWILIO_ACCOUNT_SID: optional("The default tenant's account at Twilio.", { pattern: '^AC[0-9a-zA-Z]{1,62}$' }),
  TWILIO_AUTH_TOKEN: optional('Its token.'),
  TWILIO_FROM: optional('The number, short code or name that it sends from.', { pattern: '^.{1,32}$' }),
  TWILIO_MESSAGING_SERVICE_SID: optional('The messaging service that chooses the number.', {
    pattern: '^MG[0-9a-f]{32}$',
  }),
  TWILIO_BASE_URL: optional('Another address, to stand in for Twilio.', { pattern: '^https?://.+' }),
  FLOWROUTE_ACCESS_KEY: optional("The default tenant's account at Flowroute."),
  FLOWROUTE_SECRET_KEY: optional('Its secret.'),
  FLOWROUTE_FROM: optional('The number that it sends from, E.164.', { pattern: '^\\+?[1-9]\\d{6,14}$' }),
  FLOWROUTE_CALLBACK_TOKEN: optional('The secret in the URLs that Flowroute calls.', {
    pattern: '^[A-Za-z0-9_-]{8,200}$',
  }),
  FLOWROUTE_BASE_URL: optional('Another address, to stand in for Flowroute.', { pattern: '^https?://.+' }),
  FLOWROUTE_BODY: Type.Enum(['wrapped', 'flat'], {
    default: 'wrapped',
    description: "The form of the bodies that Flowroute is sent: JSON:API's, or flat fields.",
  }),
  FLOWROUTE_ALLOWED_ADDRESSES: text(
    '',
    "Addresses and networks, comma separated, from which Flowroute's calls are taken; empty: any, since they carry the secret.",
  ),
  SMTP_URL: optional("The default tenant's mail server: smtp://user:password@host:587, or smtps://.", {
    pattern: '^smtps?://.+',
  }),
  SENDGRID_API_KEY: optional('SendGrid as the mail server, where SMTP_URL is not set.', { pattern: '^[!-~]+$' }),
  MAIL_FROM: optional('Who e-mails come from: shop@example.com, or Shop <shop@example.com>.'),
  FIREBASE_PROJECT_ID: optional("The default tenant's project at Firebase, for pushes.", {
    pattern: '^[a-z0-9:.-]{1,100}$',
  }),
  FIREBASE_SERVICE_ACCOUNT: optional('The JSON of its service account, or the path of the file with it.'),
  FIREBASE_WEB_CONFIG: optional("The JSON of Firebase's web configuration, for the page on which browsers register."),
  FIREBASE_BASE_URL: optional('Another address, to stand in for Google.', { pattern: '^https?://.+' }),
  RECEIPT_POLL_SECONDS: count(120, 1, 'A provider is first asked after this time for a receipt that did not arrive.'),
  METRICS_TOKEN: optional('Bearer token that opens /metrics and /schema.'),
  METRICS_ALLOW: text('', 'Addresses and networks, comma separated, to which /metrics and /schema are open.'),
  AUTH_USERNAME: optional(
    'A name for Basic authentication at /sessions and what belongs to it, for the default tenant.',
  ),
  AUTH_PASSWORD: optional('Its password.'),
  CONVERSATION_SESSION_TIMEOUT_IN_MINUTES: text(
    'PT0M',
    'A session of POST /sessions without a text for so long is inactive: minutes, or an ISO 8601 duration; 0: never.',
  ),
  CONVERSATION_SESSION_CLOSED_IN_MINUTES: text('PT0M', 'The same after which it is closed.'),
  OPEN_SURFACES: flag(
    false,
    "Development only: calls without credentials to /tn, /session, POST /, /sessions and /smss are taken as the default tenant's.",
  ),
  THROTTLE_PER_MIN: count(6000, 0, 'Calls per minute of one caller; 0 turns the limit off.'),
  WEBHOOK_ALLOW_PRIVATE: Type.Optional(
    Type.Boolean({
      description:
        'Whether URLs that tenants give may be addresses of this machine and of private networks; unset: not in production.',
    }),
  ),
  FAULT: optional(
    'Kills the process at the named write, such as after:sms_requests.insertOne:3; only with APP_ENV=test.',
  ),
});
export type Environment = Static<typeof Environment>;
