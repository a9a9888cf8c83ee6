import { invalidField } from '../common/errors.js';
import { AUDIT_ACTIONS, FREQUENT_ACTIONS, type AuditAction } from './audit-log.js';

const USUAL = AUDIT_ACTIONS.filter((action) => !FREQUENT_ACTIONS.includes(action));

/** Which lines of the log are asked for; undefined: all. @throws ApiError 400 that lists the actions */
export function askedActions(text: string | undefined): readonly AuditAction[] | undefined {
  if (text === undefined) return USUAL;
  if (text === 'all') return undefined;
  return [...new Set(text.split(',').map((name) => readAction(name.trim())))];
}

function readAction(name: string): AuditAction {
  const known = AUDIT_ACTIONS.find((action) => action === name);
  if (known) return known;
  const actions = ['all', ...AUDIT_ACTIONS].join(', ');
  throw invalidField('action', `has no action ${JSON.stringify(name.slice(0, 60))}; the actions are ${actions}`);
}
