import { invalidField } from '../common/errors.js';
import { shownText, type MessageDoc } from '../messages/message.js';

interface Column {
  field: keyof MessageDoc & string;
  /** The part, for a field that has parts. */
  part?: string;
  /** Columns whose text comes from people and phones and may hold anything; the others are ids, times, numbers and our own words. */
  free?: true;
}

/** The columns that an export can have. */
const COLUMNS = {
  message_id: { field: '_id' },
  request_id: { field: 'request_id' },
  to: { field: 'to' },
  status: { field: 'status' },
  created_at: { field: 'created_at' },
  updated_at: { field: 'updated_at' },
  sent_at: { field: 'sent_at' },
  delivered_at: { field: 'delivered_at' },
  failed_at: { field: 'failed_at' },
  last_error: { field: 'last_error', free: true },
  segments: { field: 'segments' },
  template_id: { field: 'template_id' },
  agent_id: { field: 'agent_id' },
  client_reference: { field: 'client_reference', free: true },
  client_id: { field: 'client_id' },
  route: { field: 'route', free: true },
  text: { field: 'text', free: true },
  encoding: { field: 'encoding' },
  priority: { field: 'priority' },
  schedule_at: { field: 'schedule_at' },
  expires_at: { field: 'expires_at' },
  attempts: { field: 'attempts' },
  resend_of: { field: 'resend_of' },
  delivery: { field: 'delivery', part: 'outcome' },
  delivery_at: { field: 'delivery', part: 'at' },
  delivery_code: { field: 'delivery', part: 'code', free: true },
  channel: { field: 'channel' },
  carrier: { field: 'carrier', part: 'name' },
  carrier_ref: { field: 'carrier', part: 'ref', free: true },
  price: { field: 'price', part: 'amount', free: true },
  price_currency: { field: 'price', part: 'currency', free: true },
} as const satisfies Record<string, Column>;

export const COLUMN_NAMES = Object.keys(COLUMNS);
export const DEFAULT_COLUMNS: readonly string[] = COLUMN_NAMES.slice(0, COLUMN_NAMES.indexOf('client_reference') + 1);

export interface NamedColumn extends Column {
  name: string;
}

/** The value of a message in a column. */
export function valueOf(message: MessageDoc, { field, part }: Column): unknown {
  if (field === 'text') return shownText(message);
  const value = message[field];
  return part === undefined ? value : (value as Record<string, unknown> | undefined)?.[part];
}

/** Parses `message_id,to` and keeps the order. @throws ApiError 400 that lists all columns. */
export function readColumns(text: string | undefined, withText = false): NamedColumn[] {
  const usual = withText ? [...DEFAULT_COLUMNS, 'text'] : DEFAULT_COLUMNS;
  const names = text === undefined ? usual : text.split(',').map((name) => name.trim());
  const seen = new Set<string>();
  return names.map((name) => {
    if (!Object.hasOwn(COLUMNS, name))
      throw invalidField(
        'columns',
        `has no column ${JSON.stringify(name)}; the columns are ${COLUMN_NAMES.join(', ')}`,
      );
    if (seen.has(name)) throw invalidField('columns', `names ${name} twice`);
    seen.add(name);
    return { name, ...COLUMNS[name as keyof typeof COLUMNS] };
  });
}
