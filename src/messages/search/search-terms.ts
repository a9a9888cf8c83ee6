import type { MessageStatus } from '../../domain/message-status.js';

/** The filters of a search in a tenant's messages; an absent field is no filter. */
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
  /** Accepted at or after this time. */
  from?: Date | undefined;
  /** Accepted before this time. */
  before?: Date | undefined;
}
