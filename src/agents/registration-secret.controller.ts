import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditService } from '../audit/audit.service.js';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { invalidField } from '../common/errors.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Answers } from '../common/http/answers.js';
import { SecretOfRegistration } from './agent-answers.js';

const SHORTEST = 8;

@ApiTags('agents')
@Controller('admin/agent/registration-secret')
@Allow({ role: 'admin' })
export class RegistrationSecretController {
  constructor(
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Show the secret that phones register with' })
  @Answers(SecretOfRegistration)
  async get(@Caller() caller: User) {
    const secret = await this.settings.registrationSecret(caller.tenant);
    await this.audit.recordFirst(caller, 'GET_AGENT_REGISTRATION_SECRET', {});
    return show(secret);
  }

  @Put()
  @ApiOperation({ summary: 'Set the secret; the empty string turns it off' })
  @Answers(SecretOfRegistration)
  @ApiBody({
    schema: {
      type: 'object',
      properties: { registration_secret: { type: 'string', maxLength: 200 } },
      required: ['registration_secret'],
      examples: [{ registration_secret: 'a-shared-secret' }],
      additionalProperties: false,
    },
  })
  async set(@Caller() caller: User, @Body() body: unknown) {
    const secret = readSecret(body);
    await this.settings.setRegistrationSecret(caller.tenant, secret);
    await this.audit.record(caller, 'UPDATE_AGENT_REGISTRATION_SECRET', { configured: secret !== '' });
    return show(secret);
  }
}

/** Only the exact empty string disables; blanks are a mistake, as is anything short. */
function readSecret(body: unknown): string {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const unknown = Object.keys(fields).find((name) => name !== 'registration_secret');
  if (unknown !== undefined) throw invalidField(unknown.slice(0, 100), 'is not a field of this request; remove it');
  const given = fields['registration_secret'];
  if (typeof given !== 'string') throw invalidField('registration_secret', 'is required and must be a string');
  if (given === '') return '';
  const secret = given.trim();
  if (secret.length < SHORTEST) {
    throw invalidField(
      'registration_secret',
      `must have ${SHORTEST} characters or more, or be empty to turn the secret off`,
    );
  }
  if (secret.length > 200) throw invalidField('registration_secret', 'must have 200 characters or less');
  return secret;
}

function show(secret: string) {
  return { registration_secret: secret, configured: secret !== '' };
}
