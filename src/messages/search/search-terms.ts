import type { MessageStatus } from '../../domain/message-status.js';

/** What is asked of the messages of a tenant; what is absent is not asked. */
export interface SearchTerms {
  request_id?: string | undefined;
  /** E.164. */
  to?: string | undefined;
  /** The first digits of E.164, with the plus. */
  to_prefix?: string | undefined;
  /** The last digits. */
  to_suffix?: string | undefined;
  client_reference?: string | undefined;
  client_id?: string | undefined;
  agent_id?: string | undefined;
  template_id?: string | undefined;
  status?: MessageStatus | undefined;
  route?: string | undefined;
  /** Accepted at or after. */
  from?: Date | undefined;
  /** Accepted before. */
  before?: Date | undefined;
}
