import type { CollectionSpec } from './collection.js';

/**
 * Every collection and index. Lists are in the order of `_id` (ids sort by time), so an index that serves a list ends with `_id`.
 * The index that claims read (`ready`) holds only messages that may be claimed now. Messages that wait for a time (`due_at`: scheduled,
 * leased, backing off) have another index, because 50,000 rows that are not due made a claim 212 times slower.
 */
export const COLLECTIONS: readonly CollectionSpec[] = [
  { name: 'tenants', indexes: [{ keys: { slug: 1 }, unique: true }] },
  {
    name: 'users',
    indexes: [
      { keys: { username: 1 }, unique: true },
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, email: 1, _id: 1 } },
    ],
  },
  { name: 'api_keys', indexes: [{ keys: { key_hash: 1 }, unique: true }, { keys: { tenant_id: 1, _id: 1 } }] },
  { name: 'templates', indexes: [{ keys: { tenant_id: 1, _id: 1 } }] },
  {
    name: 'agents',
    indexes: [
      { keys: { tenant_id: 1, device_id: 1 }, unique: true },
      { keys: { token_hash: 1 }, unique: true, partial: { token_hash: { $exists: true } } },
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { last_seen_at: 1 } },
    ],
  },
  {
    name: 'sms_requests',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, client_id: 1, _id: 1 } },
      // Recovery looks for requests that are committed and not yet expanded.
      { keys: { expanded: 1, _id: 1 }, partial: { expanded: false } },
      { keys: { purge_at: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    name: 'sms_messages',
    indexes: [
      // Each ends with `_id`, like the sort order of each read: MongoDB returns equal keys in no fixed order.
      { keys: { queue: 1, priority_weight: 1, _id: 1 }, partial: { ready: true } },
      { keys: { queue: 1, due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
      { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
      { keys: { fails_at: 1, _id: 1 }, partial: { fails_at: { $exists: true } } },
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, status: 1, _id: 1 } },
      // A search without a status reads each status and merges them (see messages/search): one more index costs an insert 8 %.
      { keys: { tenant_id: 1, agent_id: 1, status: 1, _id: 1 } },
      { keys: { tenant_id: 1, client_id: 1, status: 1, _id: 1 } },
      { keys: { tenant_id: 1, template_id: 1, status: 1, _id: 1 } },
      { keys: { tenant_id: 1, to: 1, _id: 1 } },
      { keys: { tenant_id: 1, to_reversed: 1, _id: 1 } },
      { keys: { tenant_id: 1, client_reference: 1, _id: 1 }, partial: { client_reference: { $exists: true } } },
      // Masked conversations' texts that are still there: ordinary messages have no row in it.
      { keys: { tenant_id: 1, masked_text: 1, _id: 1 }, partial: { masked_text: true } },
      { keys: { receipt_due_at: 1, _id: 1 }, partial: { receipt_due_at: { $exists: true } } },
      // A carrier's own id belongs to one message; a callback can find the message only by it.
      {
        keys: { tenant_id: 1, 'carrier.name': 1, 'carrier.account': 1, 'carrier.ref': 1 },
        unique: true,
        partial: { 'carrier.ref': { $exists: true } },
      },
    ],
  },
  {
    name: 'carrier_accounts',
    indexes: [
      // An account that was proven belongs to one tenant alone, and a callback's token names one account.
      { keys: { carrier: 1, account_id: 1 }, unique: true, partial: { exclusive: true } },
      { keys: { callback_token_hash: 1 }, unique: true, partial: { callback_token_hash: { $exists: true } } },
    ],
  },
  {
    name: 'inbound_messages',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, dedupe: 1 }, unique: true },
      { keys: { tenant_id: 1, from: 1, _id: 1 } },
      { keys: { tenant_id: 1, to: 1, _id: 1 } },
      { keys: { tenant_id: 1, carrier: 1, _id: 1 }, partial: { carrier: { $exists: true } } },
      { keys: { tenant_id: 1, channel: 1, _id: 1 }, partial: { channel: { $exists: true } } },
      { keys: { tenant_id: 1, masked_text: 1, _id: 1 }, partial: { masked_text: true } },
      // Texts that no handler has seen yet.
      { keys: { handle_at: 1, _id: 1 }, partial: { handle_at: { $exists: true } } },
    ],
  },
  { name: 'carrier_read_marks', indexes: [] },
  {
    name: 'callbacks',
    indexes: [
      { keys: { tenant_id: 1, dedupe: 1 }, unique: true },
      { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
      { keys: { purge_at: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    name: 'proxy_calls',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      // What the provider asks twice is one call.
      { keys: { tenant_id: 1, ref: 1 }, unique: true },
      { keys: { tenant_id: 1, session_id: 1, _id: 1 } },
    ],
  },
  {
    name: 'opt_outs',
    indexes: [
      // Tenant and number: what acceptance and claims look up.
      { keys: { recipient: 1, opt_out_id: 1 } },
      { keys: { tenant_id: 1, opt_out_id: 1 } },
      { keys: { tenant_id: 1, sender: 1, opt_out_id: 1 } },
      { keys: { tenant_id: 1, source: 1, opt_out_id: 1 } },
    ],
  },
  {
    name: 'virtual_tns',
    indexes: [
      { keys: { tenant_id: 1, number: 1 }, unique: true },
      // A SIM has one number.
      { keys: { tenant_id: 1, sim: 1 }, unique: true, partial: { sim: { $exists: true } } },
      { keys: { removing_at: 1 }, partial: { removing_at: { $exists: true } } },
      { keys: { changing_at: 1 }, partial: { changing_at: { $exists: true } } },
    ],
  },
  {
    name: 'proxy_sessions',
    indexes: [
      // Nobody is in two open sessions on one number.
      { keys: { tenant_id: 1, claims: 1 }, list: 'claims', unique: true, partial: { claims: { $exists: true } } },
      { keys: { tenant_id: 1, tns: 1, _id: 1 }, list: 'tns', partial: { tns: { $exists: true } } },
      { keys: { tenant_id: 1, 'participants.address': 1, state: 1, _id: 1 }, list: 'participants.address' },
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, state: 1, _id: 1 } },
      { keys: { tenant_id: 1, closed_at: 1, _id: 1 }, partial: { closed_at: { $exists: true } } },
      { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
    ],
  },
  {
    name: 'people',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, user_id: 1 }, unique: true, partial: { user_id: { $exists: true } } },
      { keys: { tenant_id: 1, phone: 1, _id: 1 } },
      { keys: { tenant_id: 1, email: 1, _id: 1 } },
    ],
  },
  {
    name: 'push_tokens',
    indexes: [
      { keys: { tenant_id: 1, value: 1 } },
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, person_id: 1, _id: 1 }, partial: { person_id: { $exists: true } } },
      { keys: { 'dead.at': 1, _id: 1 }, partial: { 'dead.at': { $exists: true } } },
    ],
  },
  {
    name: 'confirmations',
    indexes: [
      // Of one subject the newest counts.
      { keys: { tenant_id: 1, subject: 1, _id: 1 } },
      { keys: { token_hash: 1 }, unique: true, partial: { token_hash: { $exists: true } } },
      { keys: { purge_at: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    name: 'notifications',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, client_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, topic: 1, _id: 1 }, partial: { topic: { $exists: true } } },
      { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
      // What is sent twice under one Idempotency-Key is told once, even at the same moment.
      {
        keys: { tenant_id: 1, client_id: 1, idempotency_key: 1 },
        unique: true,
        partial: { idempotency_key: { $exists: true } },
      },
    ],
  },
  {
    name: 'notification_recipients',
    indexes: [
      { keys: { tenant_id: 1, notification_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, notification_id: 1, outcome: 1, _id: 1 } },
      { keys: { tenant_id: 1, outcome: 1, notification_id: 1 } },
      { keys: { tenant_id: 1, person_id: 1, _id: 1 }, partial: { person_id: { $exists: true } } },
      { keys: { tenant_id: 1, _id: 1 } },
      // By the messages of which more may be heard.
      { keys: { tenant_id: 1, following: 1 }, list: 'following', partial: { following: { $exists: true } } },
      { keys: { look_at: 1, _id: 1 }, partial: { look_at: { $exists: true } } },
    ],
  },
  {
    name: 'unknown_texts',
    indexes: [{ keys: { tenant_id: 1, due_at: 1, _id: 1 } }, { keys: { tenant_id: 1, side: 1, _id: 1 } }],
  },
  {
    name: 'clients',
    indexes: [{ keys: { tenant_id: 1, contact: 1 }, unique: true }, { keys: { tenant_id: 1, _id: 1 } }],
  },
  {
    name: 'token_notifications',
    indexes: [{ keys: { tenant_id: 1, token_id: 1, _id: 1 } }, { keys: { tenant_id: 1, _id: 1 } }],
  },
  { name: 'topics', indexes: [{ keys: { tenant_id: 1, name: 1 }, unique: true }, { keys: { tenant_id: 1, _id: 1 } }] },
  {
    name: 'topic_subscriptions',
    indexes: [{ keys: { tenant_id: 1, topic_id: 1, _id: 1 } }, { keys: { tenant_id: 1, subscriber: 1, _id: 1 } }],
  },
  // One gateway writes these for the others; they are useful for a few seconds.
  { name: 'wakes', indexes: [{ keys: { at: 1 }, expireAfterSeconds: 60 }] },
  { name: 'report_marks', indexes: [{ keys: { marked_at: 1 } }] },
  { name: 'report_minutes', indexes: [] },
  { name: 'report_hours', indexes: [] },
  { name: 'retention_states', indexes: [] },
  {
    name: 'counters',
    indexes: [{ keys: { kind: 1, day: 1 } }, { keys: { purge_at: 1 }, expireAfterSeconds: 0 }],
  },
  { name: 'gateways', indexes: [{ keys: { purge_at: 1 }, expireAfterSeconds: 0 }] },
  { name: 'throttle', indexes: [{ keys: { purge_at: 1 }, expireAfterSeconds: 0 }] },
  {
    name: 'imports',
    indexes: [
      { keys: { tenant_id: 1, _id: 1 } },
      { keys: { tenant_id: 1, client_id: 1, _id: 1 } },
      // A file is sent once under one Idempotency-Key, even when it arrives twice at the same moment.
      {
        keys: { tenant_id: 1, client_id: 1, idempotency_key: 1 },
        unique: true,
        partial: { idempotency_key: { $exists: true } },
      },
      { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
    ],
  },
  { name: 'import_chunks', indexes: [{ keys: { purge_at: 1 }, expireAfterSeconds: 0 }] },
  { name: 'fingerprints', indexes: [{ keys: { expires_at: 1 }, expireAfterSeconds: 0 }] },
  // Rows that a worker has set aside: a few, if any.
  { name: 'parked', indexes: [{ keys: { tenant_id: 1, _id: 1 } }] },
  { name: 'audit_logs', indexes: [{ keys: { tenant_id: 1, _id: 1 } }, { keys: { tenant_id: 1, action: 1, _id: 1 } }] },
  { name: 'app_config', indexes: [{ keys: { tenant_id: 1 } }] },
];
