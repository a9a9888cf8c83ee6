import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../auth/current.js';
import { conflict } from '../common/errors.js';
import type { AgentApp } from './agent.js';
import type { AgentPrincipal } from './agent.authenticator.js';

const OURS = 'ours';

const WORDS: Record<AgentApp | typeof OURS, string> = {
  smsgate: 'This phone was not registered by the SMSGate app. Register it in the app, with a code: npm run phone.',
  cht: 'This phone was registered by another app. Create one: POST /admin/agents/cht.',
  ours: 'This phone was registered by an app with a protocol of its own. Register another one: POST /agent/register.',
};

/**
 * The caller, a phone that speaks this protocol. One that was registered for another is refused: what it leases there it sends after asking,
 * here unasked, so that with both a text could leave twice.
 * @throws ApiError 409
 */
export const PhoneOf = createParamDecorator(
  (protocol: AgentApp | typeof OURS, context: ExecutionContext): AgentPrincipal => {
    const phone = context.switchToHttp().getRequest<AuthenticatedRequest>().principal as AgentPrincipal;
    if ((phone.agent.app ?? OURS) !== protocol) throw conflict('wrong_app', WORDS[protocol]);
    return phone;
  },
);
