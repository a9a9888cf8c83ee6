export type State = 'Pending' | 'Processed' | 'Sent' | 'Delivered' | 'Failed' | 'Cancelled';

/** A message in the app's database. */
export interface StoredMessage {
  id: string;
  phoneNumber: string;
  text: string;
  simNumber: number | null;
  priority: number;
  validUntil: Date | null;
  state: State;
  error: string | null;
  /** When it came into each state. */
  states: Record<string, string>;
}

/** What is to be posted to a webhook; body and id stay the same in every try. */
export interface Post {
  url: string;
  body: string;
  tries: number;
}

export interface Settings {
  gateway: { notification_channel?: string };
  webhooks: { signing_key?: string; retry_count?: number };
  ping: { interval_seconds?: number };
}
export interface Webhook {
  id: string;
  url: string;
  event: string;
}

/** What outlives the app: its settings, its database, and the jobs that Android keeps for it. */
export class PhoneMemory {
  device: { id: string; token: string } | null = null;
  settings: Settings | null = null;
  webhooks: Webhook[] = [];
  /** By id, in the order in which they came. */
  readonly messages = new Map<string, StoredMessage>();
  /** Messages whose state is to be told: each is a job by itself. */
  readonly reports: { id: string }[] = [];
  readonly posts: Post[] = [];

  get authorization(): string {
    return `Bearer ${this.device?.token ?? ''}`;
  }
}
