import { Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditService } from '../audit/audit.service.js';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { invalidField } from '../common/errors.js';
import { ValidBody } from '../common/http/parameters.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Answers } from '../common/http/answers.js';
import { SecretOfRegistration } from './agent-answers.js';
import { RegistrationSecretDto } from './dto/registration-secret.dto.js';

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
  async set(@Caller() caller: User, @ValidBody() body: RegistrationSecretDto) {
    const secret = readSecret(body.registration_secret);
    await this.settings.setRegistrationSecret(caller.tenant, secret);
    await this.audit.record(caller, 'UPDATE_AGENT_REGISTRATION_SECRET', { configured: secret !== '' });
    return show(secret);
  }
}

/** Only the exact empty string disables; blanks are a mistake, as is anything short. */
function readSecret(given: string): string {
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
