import type { TenantId } from '../common/tenant-id.js';

export interface AuditDoc {
  _id: string;
  tenant_id: TenantId;
  actor_type: 'USER' | 'API_KEY' | 'AGENT' | 'SYSTEM';
  actor_id: string;
  action: AuditAction;
  data: Record<string, unknown>;
  created_at: Date;
}

export const AUDIT_ACTIONS = [
  'LOGIN',
  'LOGIN_FAILED',
  'CHANGE_PASSWORD',
  'CREATE_TENANT',
  'UPDATE_TENANT',
  'CREATE_USER',
  'UPDATE_USER',
  'DELETE_USER',
  'CREATE_API_KEY',
  'UPDATE_API_KEY',
  'DISABLE_API_KEY',
  'ROTATE_API_KEY',
  'CREATE_TEMPLATE',
  'UPDATE_TEMPLATE',
  'DELETE_TEMPLATE',
  'APPROVE_TEMPLATE',
  'REGISTER_AGENT',
  'REGISTER_REFUSED',
  'AGENT_ROTATED',
  'ISSUE_REGISTRATION_CODE',
  'ISSUE_ROTATION_CODE',
  'UPDATE_AGENT',
  'UNREGISTER_AGENT',
  'REASSIGN_MESSAGES',
  'GET_AGENT_REGISTRATION_SECRET',
  'UPDATE_AGENT_REGISTRATION_SECRET',
  'UPDATE_SETTINGS',
  'UPDATE_CARRIER',
  'DELETE_CARRIER',
  'TEST_CARRIER',
  'ADD_TN',
  'REMOVE_TN',
  'CHANGE_TN',
  'OPEN_SESSION',
  'CLOSE_SESSION',
  'ADD_PARTICIPANTS',
  'REMOVE_PARTICIPANT',
  'CREATE_NOTIFICATION',
  'CANCEL_NOTIFICATION',
  'CREATE_TOPIC',
  'DELETE_TOPIC',
  'CREATE_SMS_REQUEST',
  'CANCEL_SMS_REQUEST',
  'CREATE_IMPORT',
  'CANCEL_IMPORT',
  'CANCEL_MESSAGE',
  'RESEND_MESSAGE',
  'EXPORT_MESSAGES',
  'ADD_OPT_OUT',
  'REMOVE_OPT_OUT',
  'IMPORT_OPT_OUTS',
  'EXPORT_OPT_OUTS',
  'DELETE_CLIENT',
  'EXEMPT_TEMPLATE',
  'CREATE_PERSON',
  'UPDATE_PERSON',
  'DELETE_PERSON',
  'CONFIRM_ADDRESS',
  'UNSUBSCRIBE',
  'REGISTER_USER',
  'RESET_PASSWORD',
  'DESTINATION_ALARM',
  'RETRY_PARKED',
  'AGENT_LEASE_BATCH',
  'AGENT_REPORT_RESULTS',
  'AGENT_INBOUND',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What phones do all day: among these lines no other would be found, so they are shown to who asks for them. */
export const FREQUENT_ACTIONS: readonly AuditAction[] = ['AGENT_LEASE_BATCH', 'AGENT_REPORT_RESULTS'];

export function showAuditLog(entry: AuditDoc) {
  const { _id, tenant_id: _tenant, ...rest } = entry;
  return { id: _id, ...rest };
}
