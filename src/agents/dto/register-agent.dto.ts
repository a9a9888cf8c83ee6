import { IsOptional, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, Rule } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import { AreToldSims, type ToldSimDto } from './sims.js';

/** Phones say it as a boolean, a number or a word. */
function IsLooseBoolean(): PropertyDecorator {
  return Rule(
    'isLooseBoolean',
    { anyOf: [{ type: 'boolean' }, { type: 'integer' }, { type: 'string', maxLength: 10 }] },
    (value) =>
      typeof value === 'boolean' || Number.isInteger(value) || (typeof value === 'string' && [...value].length <= 10),
  );
}

@IgnoresUnknownFields()
@Example({
  device_id: 'agent-001',
  label: 'Android-01',
  registration_secret: 'a-shared-secret',
  sims: [{ slot: 0, carrier: 'Viettel' }],
})
export class RegisterAgentDto {
  @NotBlank(200)
  device_id!: string;

  @IsOptional()
  @MaxLength(200)
  label?: string | null;

  @IsOptional()
  @MaxLength(200)
  registration_secret?: string | null;

  @IsOptional()
  @MaxLength(40)
  @Describe('Of POST /admin/agents/:id/rotation-code: gives a known phone a new token where the secret alone doesn’t.')
  rotation_code?: string | null;

  @IsOptional()
  @MaxLength(63)
  tenant?: string | null;

  @IsOptional()
  @IsLooseBoolean()
  rotate_token?: boolean | number | string | null;

  @IsOptional()
  @AreToldSims()
  sims?: ToldSimDto[] | null;

  @IsOptional()
  @MaxLength(200)
  app_version?: string | null;
}
